import HTTPTransport
import Logging
import NetworkModel
import Synchronization

/// Makes calls to one engine in a version of the API that it has.
final class DockerCaller: Sendable {
    let location: String
    private let socket: String
    private let http: HTTPClient
    private let logger: Logger
    private let versions = Mutex<DockerVersions?>(nil)

    init(socket: String, http: HTTPClient, logger: Logger) {
        self.socket = socket
        self.http = http
        self.logger = logger
        location = "unix://\(socket)"
    }

    /// What the engine said of its versions when it was last asked.
    var version: DockerVersions? { versions.withLock { $0 } }

    // MARK: Calls

    func get<Answer: Decodable>(_ path: DockerPath, as type: Answer.Type) async throws(EngineError) -> Answer {
        try decode(type, from: try await call("GET", path, within: DockerBound.telling))
    }

    /// nil if the engine says that there is no such thing.
    func getIfPresent<Answer: Decodable>(_ path: DockerPath, as type: Answer.Type) async throws(EngineError) -> Answer? {
        do throws(EngineError) {
            return try await get(path, as: type)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    func post<Answer: Decodable>(
        _ path: DockerPath, _ body: some Encodable, answer: Answer.Type, within bound: Duration
    ) async throws(EngineError) -> Answer {
        try decode(answer, from: try await call("POST", path, try DockerJSON.encode(body), within: bound))
    }

    func post(_ path: DockerPath, _ body: some Encodable, within bound: Duration) async throws(EngineError) {
        _ = try await call("POST", path, try DockerJSON.encode(body), within: bound)
    }

    func delete(_ path: DockerPath, within bound: Duration) async throws(EngineError) {
        _ = try await call("DELETE", path, within: bound)
    }

    /// A stream of what happens, from a moment on that lies before this call: nothing of what happens from now on is missed, and a little of what
    /// happened before may be told.
    func openEvents() async throws(EngineError) -> HTTPStream {
        let greeting = try await greet()
        var path = try DockerPath("events").filtered(by: ["type": ["container", "network"]])
        // An engine sends the head of its answer just before it begins to listen itself.
        if let now = greeting.headers["date"].flatMap(DockerTime.seconds(ofHTTPDate:)) { path = path.with("since", String(now)) }
        var request = request("GET", path, version: version?.spoken)
        request.headTimeout = DockerBound.greeting
        let (stream, refusal) = try await opened(request)
        if let refusal { throw self.refusal(refusal) }
        return stream
    }

    /// A stream, and the whole answer if it is one of failure.
    private func opened(_ request: HTTPRequest) async throws(EngineError) -> (HTTPStream, HTTPResponse?) {
        do throws(HTTPError) {
            let stream = try await http.stream(request)
            guard stream.status != 200 else { return (stream, nil) }
            return (stream, HTTPResponse(status: stream.status, body: try await stream.collect()))
        } catch {
            throw silence(error)
        }
    }

    // MARK: Versions

    /// Asks the engine for its versions, as when it may have been replaced.
    @discardableResult
    private func greet() async throws(EngineError) -> HTTPResponse {
        let response = try await send(request("GET", DockerPath("version"), version: nil), within: DockerBound.greeting)
        let found = try negotiate(response)
        let before = versions.withLock { versions in
            defer { versions = found }
            return versions
        }
        if before != found {
            logger.info("the container engine answers", metadata: ["engine": "\(found.engine)", "api": "\(found.spoken)"])
        }
        return response
    }

    private func negotiate(_ response: HTTPResponse) throws(EngineError) -> DockerVersions {
        do throws(EngineError) {
            return try DockerVersions(try decode(DockerVersionBody.self, from: response))
        } catch {
            throw EngineError(error.code, "\(location): \(error.message)")
        }
    }

    // MARK: Transport

    private func call(
        _ method: String, _ path: DockerPath, _ body: [UInt8] = [], within bound: Duration
    ) async throws(EngineError) -> HTTPResponse {
        if version == nil { try await greet() }
        return try await send(request(method, path, body, version: version?.spoken), within: bound)
    }

    private func request(_ method: String, _ path: DockerPath, _ body: [UInt8] = [], version: DockerVersion?) -> HTTPRequest {
        var headers: HTTPHeaders = [:]
        if !body.isEmpty { headers.append("Content-Type", "application/json") }
        return HTTPRequest(method: method, url: path.url(version: version), headers: headers, body: body, unixSocket: socket)
    }

    private func send(_ request: HTTPRequest, within bound: Duration) async throws(EngineError) -> HTTPResponse {
        var request = request
        request.timeout = bound
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw silence(error)
        }
        guard (200..<300).contains(response.status) else { throw refusal(response) }
        return response
    }

    private func decode<Answer: Decodable>(_ type: Answer.Type, from response: HTTPResponse) throws(EngineError) -> Answer {
        do {
            return try DockerJSON.decode(type, from: response.body[...])
        } catch {
            throw EngineError(.undecodable, "\(location) gave an answer that is no container engine's: \(error.message)")
        }
    }

    private func silence(_ error: HTTPError) -> EngineError {
        EngineError(.unavailable, "the container engine at \(location) does not answer: \(error.message)")
    }

    private func refusal(_ response: HTTPResponse) -> EngineError {
        EngineError(status: response.status, body: response.body)
    }
}
