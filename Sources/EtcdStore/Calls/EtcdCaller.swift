import ClusterStore
import EtcdProtocol
import HTTPTransport
import Logging

/// Makes calls to one of several endpoints, and goes on to the next when one does not answer.
final class EtcdCaller: Sendable {
    /// Where the store is, for messages.
    let location: String
    private let http: HTTPClient
    /// A member without a leader says so at once and ends its watches (etcd's `hasleader`), rather than being silent on what it cannot know
    /// and leaving it open whether a write will be carried out.
    private static let headers: HTTPHeaders = ["Content-Type": "application/json", "Grpc-Metadata-Hasleader": "true"]
    private let servers: ServerGroup
    private let limits: EtcdLimits

    init(endpoints: [EtcdEndpoint], location: String, http: HTTPClient, limits: EtcdLimits, logger: Logger) {
        self.location = location
        self.http = http
        self.limits = limits
        servers = ServerGroup(endpoints, location: location, logger: logger)
    }

    /// Makes a call, on another endpoint if one does not answer and that can do no harm.
    func call<Answer: Decodable & Sendable>(
        _ call: EtcdCall, _ message: some Encodable, answer: Answer.Type, _ repetition: Repetition, within timeout: Duration? = nil
    ) async throws(StoreError) -> Answer {
        let body = try encoded(message)
        return try await servers.onOneEndpoint(repetition) { endpoint throws(EtcdFailure) in
            let bytes = try await send(call, body, to: endpoint, within: timeout ?? limits.answer)
            return try Self.decode(answer, from: bytes, of: endpoint)
        }
    }

    /// Opens a stream of answers.
    func open(_ call: EtcdCall, _ message: some Encodable, lasting timeout: Duration) async throws(StoreError) -> EtcdFrames {
        let body = try encoded(message)
        return try await servers.onOneEndpoint(.harmless) { endpoint throws(EtcdFailure) in
            try await open(call, body, on: endpoint, lasting: timeout)
        }
    }

    /// Goes on to another endpoint, if the one that failed is still preferred.
    func failed(_ endpoint: EtcdEndpoint, _ cause: String) {
        servers.failed(endpoint, cause)
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
            connectTimeout: limits.connectTimeout(endpoints: servers.count))
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
