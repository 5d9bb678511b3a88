public import Logging
import Synchronization

/// The servers of one store: a call is made to the one that answered last, and to the others as long as one does not answer.
public final class ServerGroup: Sendable {
    /// Where the store is, for messages.
    public let location: String
    private let rotation: Mutex<EndpointRotation>
    private let hasLeft: @Sendable (ServerEndpoint) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - rotation: the servers, and which is asked first.
    ///   - hasLeft: told of each server that failed and that another one was preferred to then.
    public init(
        _ rotation: EndpointRotation, location: String, logger: Logger, hasLeft: @escaping @Sendable (ServerEndpoint) -> Void = { _ in }
    ) {
        self.location = location
        self.logger = logger
        self.hasLeft = hasLeft
        self.rotation = Mutex(rotation)
    }

    public var count: Int { rotation.withLock { $0.endpoints.count } }

    /// Asks the preferred endpoint, and the others as long as one does not answer and that can do no harm.
    ///
    /// - Throws: the refusal; or ``StoreError/Code/outcomeUnknown`` if a call that is never repeated may have been carried out.
    public func onOneEndpoint<Answer: Sendable>(
        _ repetition: Repetition, _ ask: (ServerEndpoint) async throws(CallFailure) -> Answer
    ) async throws(StoreError) -> Answer {
        var plan = CallPlan(rotation.withLock { $0.order }, repetition)
        var causes: [String] = []
        var mayBeDone = false
        while let endpoint = plan.next() {
            do throws(CallFailure) {
                return try await ask(endpoint)
            } catch {
                guard case .unanswered(let cause, let isPerhapsDone, let isLate) = error else { throw error.storeError(at: location) }
                failed(endpoint, cause)
                plan.failed(endpoint, mayBeDone: isPerhapsDone, isLate: isLate)
                if !causes.contains(cause) { causes.append(cause) }
                mayBeDone = mayBeDone || isPerhapsDone
            }
        }
        throw verdict(causes, isLost: mayBeDone && repetition == .never)
    }

    /// Goes on to another endpoint, if the one that failed is still preferred.
    public func failed(_ endpoint: ServerEndpoint, _ cause: String) {
        let next = rotation.withLock { $0.failed(endpoint) ? $0.preferred : nil }
        guard let next else { return }
        hasLeft(endpoint)
        logger.notice("going on with another endpoint of the store", metadata: ["endpoint": "\(next)", "cause": "\(cause)"])
    }

    private func verdict(_ causes: [String], isLost: Bool) -> StoreError {
        let cause = causes.isEmpty ? "it has no endpoint" : causes.joined(separator: "; ")
        return isLost
            ? StoreError(.outcomeUnknown, "the answer of the store \(location) was lost, the change may have been made: \(cause)")
            : StoreError(.unavailable, "the store \(location) does not answer: \(cause)")
    }
}
