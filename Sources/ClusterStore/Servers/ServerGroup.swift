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
        var failures = CallFailures()
        while let endpoint = plan.next() {
            do throws(CallFailure) {
                let answer = try await ask(endpoint)
                if !failures.isEmpty { rotation.withLock { $0.answered(endpoint) } }
                return answer
            } catch {
                guard let silence = error.silence else { throw error.storeError(at: location) }
                failed(endpoint, silence.cause)
                plan.failed(endpoint, mayBeDone: silence.mayBeDone, isLate: silence.isLate)
                failures.note(silence)
            }
        }
        throw failures.verdict(repetition, at: location)
    }

    /// An answer that is not believed at first sight: the next is asked of another endpoint.
    public func doubted(_ doubt: SecondLook.Doubt) {
        logger.warning("the store's answer is not believed without a second look", metadata: ["cause": "\(doubt)"])
        if let preferred = rotation.withLock({ $0.preferred }) { failed(preferred, "\(doubt)") }
    }

    /// Goes on to another endpoint, if the one that failed is still preferred.
    public func failed(_ endpoint: ServerEndpoint, _ cause: String) {
        let next = rotation.withLock { $0.failed(endpoint) ? $0.preferred : nil }
        guard let next else { return }
        hasLeft(endpoint)
        logger.notice("going on with another endpoint of the store", metadata: ["endpoint": "\(next)", "cause": "\(cause)"])
    }
}
