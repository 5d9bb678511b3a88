import ClusterStore
import EtcdProtocol
import HTTPTransport
import Logging
import Synchronization

/// Makes calls to one of several endpoints, and goes on to the next when one does not answer.
final class EtcdCaller: Sendable {
    /// Where the store is, for messages.
    let location: String
    private let http: HTTPClient
    /// A member without a leader says so at once and ends its watches (etcd's `hasleader`), rather than being silent on what it cannot know
    /// and leaving it open whether a write will be carried out.
    private static let headers: HTTPHeaders = ["Content-Type": "application/json", "Grpc-Metadata-Hasleader": "true"]
    private let logger: Logger
    private let rotation: Mutex<EndpointRotation>
    private let limits: EtcdLimits

    init(endpoints: [EtcdEndpoint], location: String, http: HTTPClient, limits: EtcdLimits, logger: Logger) {
        self.location = location
        self.http = http
        self.logger = logger
        self.limits = limits
        rotation = Mutex(EndpointRotation(endpoints))
    }

    /// Makes a call, on another endpoint if one does not answer and that can do no harm.
    func call<Answer: Decodable & Sendable>(
        _ call: EtcdCall, _ message: some Encodable, answer: Answer.Type, _ repetition: Repetition, within timeout: Duration? = nil
    ) async throws(StoreError) -> Answer {
        let body = try encoded(message)
        return try await onOneEndpoint(repetition) { endpoint throws(EtcdFailure) in
            let bytes = try await send(call, body, to: endpoint, within: timeout ?? limits.answer)
            return try Self.decode(answer, from: bytes, of: endpoint)
        }
    }

    /// Opens a stream of answers.
    func open(_ call: EtcdCall, _ message: some Encodable, lasting timeout: Duration) async throws(StoreError) -> EtcdFrames {
        let body = try encoded(message)
        return try await onOneEndpoint(.harmless) { endpoint throws(EtcdFailure) in
            try await open(call, body, on: endpoint, lasting: timeout)
        }
    }

    /// Asks the preferred endpoint, and the others as long as one does not answer.
    private func onOneEndpoint<Answer: Sendable>(
        _ repetition: Repetition, _ ask: (EtcdEndpoint) async throws(EtcdFailure) -> Answer
    ) async throws(StoreError) -> Answer {
        var plan = CallPlan(rotation.withLock { $0.order }, repetition)
        var causes: [String] = []
        var mayBeDone = false
        while let endpoint = plan.next() {
            do throws(EtcdFailure) {
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
    func failed(_ endpoint: EtcdEndpoint, _ cause: String) {
        let next = rotation.withLock { $0.failed(endpoint) ? $0.preferred : nil }
        guard let next else { return }
        logger.notice("going on with another endpoint of the store", metadata: ["endpoint": "\(next)", "cause": "\(cause)"])
    }

    private func open(
        _ call: EtcdCall, _ body: [UInt8], on endpoint: EtcdEndpoint, lasting timeout: Duration
    ) async throws(EtcdFailure) -> EtcdFrames {
        var request = request(call, body, to: endpoint)
        (request.timeout, request.headTimeout) = (timeout, limits.answer)
        let (stream, refusal) = try await opened(request)
        if let refusal { throw EtcdFailure(refusal, from: endpoint) }
        return EtcdFrames(stream, endpoint: endpoint)
    }

    /// A stream, and the whole answer if it is one of failure.
    private func opened(_ request: HTTPRequest) async throws(EtcdFailure) -> (HTTPStream, HTTPResponse?) {
        do throws(HTTPError) {
            let stream = try await http.stream(request)
            guard stream.status != 200 else { return (stream, nil) }
            return (stream, HTTPResponse(status: stream.status, body: try await stream.collect()))
        } catch {
            throw EtcdFailure(error)
        }
    }

    private func send(_ call: EtcdCall, _ body: [UInt8], to endpoint: EtcdEndpoint, within timeout: Duration) async throws(EtcdFailure)
        -> [UInt8]
    {
        var request = request(call, body, to: endpoint)
        (request.timeout, request.headTimeout) = (timeout, limits.answer)
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw EtcdFailure(error)
        }
        guard response.status == 200 else { throw EtcdFailure(response, from: endpoint) }
        return response.body
    }

    private func request(_ call: EtcdCall, _ body: [UInt8], to endpoint: EtcdEndpoint) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: endpoint.url(path: call.path), headers: Self.headers, body: body,
            connectTimeout: limits.connectTimeout(endpoints: rotation.withLock { $0.endpoints.count }))
    }

    private func verdict(_ causes: [String], isLost: Bool) -> StoreError {
        let cause = causes.isEmpty ? "it has no endpoint" : causes.joined(separator: "; ")
        return isLost
            ? StoreError(.outcomeUnknown, "the answer of the store \(location) was lost, the change may have been made: \(cause)")
            : StoreError(.unavailable, "the store \(location) does not answer: \(cause)")
    }

    private func encoded(_ message: some Encodable) throws(StoreError) -> [UInt8] {
        do throws(EtcdFailure) {
            return try Self.body(of: message)
        } catch {
            throw error.storeError(at: location)
        }
    }

    private static func body(of message: some Encodable) throws(EtcdFailure) -> [UInt8] {
        do {
            return try EtcdJSON.encode(message)
        } catch {
            throw .refused(StoreError(.rejected, error.message))
        }
    }

    private static func decode<Answer: Decodable>(
        _ answer: Answer.Type, from bytes: [UInt8], of endpoint: EtcdEndpoint
    ) throws(EtcdFailure) -> Answer {
        do {
            return try EtcdJSON.decode(answer, from: bytes)
        } catch {
            throw .refused(StoreError(.malformedAnswer, "\(endpoint): \(error.message)"))
        }
    }
}
