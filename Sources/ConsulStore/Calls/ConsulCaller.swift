import ClusterStore
import FoundationEssentials
import HTTPTransport
import Logging
import NetworkModel

/// What one call asks of an agent.
struct ConsulCall: Sendable {
    var method = "GET"
    /// Below `/v1/`, percent-encoded.
    var path: String
    /// Parameters, with nil for one that has no value.
    var parameters: [(name: String, value: String?)] = []
    var body: [UInt8] = []
    var repetition = Repetition.harmless
    /// How long the agent may answer neither this call nor one that was made before it or little later; if the call waits for something, how
    /// long in all.
    var timeout: Duration
    /// Whether it waits at the agent for something to happen.
    var isWaiting = false
    /// Statuses besides 200 that are an answer to it.
    var answers: Set<Int> = []
}

/// Makes calls to one of several agents of Consul, and goes on to the next when one does not answer.
final class ConsulCaller: Sendable {
    let location: String
    let access: ConsulAccess
    private let http: HTTPClient
    private let servers: ServerGroup
    private let limits: ConsulLimits
    private let queries = WaitingQueries()

    init(
        endpoints: [ServerEndpoint], location: String, access: ConsulAccess, http: HTTPClient, limits: ConsulLimits, logger: Logger
    ) {
        self.location = location
        self.access = access
        self.http = http
        self.limits = limits
        // The first is the nearest: users name the host's own agent.
        servers = ServerGroup(EndpointRotation(endpoints), location: location, logger: logger) { [queries] in queries.end(at: $0) }
    }

    /// Makes a call, on another agent if one does not answer, or not as Consul does, and that can do no harm.
    ///
    /// - Parameter read: makes an answer of what came, and throws what is wrong with it.
    func call<Answer: Sendable>(
        _ call: ConsulCall, _ read: (HTTPResponse) throws -> Answer
    ) async throws(StoreError) -> Answer {
        try await servers.onOneEndpoint(call.repetition) { endpoint throws(CallFailure) in
            let response = try await send(call, to: endpoint)
            guard response.status == 200 || call.answers.contains(response.status) else {
                throw CallFailure(
                    status: response.status, text: access.withoutToken(ConsulText.brief(response.body)), from: endpoint)
            }
            do {
                return try read(response)
            } catch {
                throw .unreadable("\(endpoint): \((error as? ConsulMisanswer)?.what ?? "an answer that is not as Consul's")")
            }
        }
    }

    private func send(_ call: ConsulCall, to endpoint: ServerEndpoint) async throws(CallFailure) -> HTTPResponse {
        let request = try request(call, to: endpoint)
        do {
            let http = http
            guard call.isWaiting else { return try await http.send(request) }
            return try await queries.wait(at: endpoint) { () async throws(HTTPError) in try await http.send(request) }
        } catch {
            throw CallFailure(error)
        }
    }

    private func request(_ call: ConsulCall, to endpoint: ServerEndpoint) throws(CallFailure) -> HTTPRequest {
        var request = HTTPRequest(
            method: call.method, url: endpoint.url(path: "/v1/" + call.path + query(call.parameters)), headers: try headers(),
            body: call.body, connectTimeout: limits.connectTimeout(endpoints: servers.count))
        if call.isWaiting {
            request.timeout = call.timeout
        } else {
            (request.headTimeout, request.turnTimeout, request.bodyTimeout) = (call.timeout, limits.turn, call.timeout)
            request.turnStatuses = call.answers.union([200])
        }
        return request
    }

    private func headers() throws(CallFailure) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        do {
            if let token = try access.token?.read() { headers.append("X-Consul-Token", token) }
        } catch {
            throw .refused(StoreError(.denied, "no token for \(location): \(error.message)"))
        }
        return headers
    }

    private func query(_ parameters: [(name: String, value: String?)]) -> String {
        var all = parameters
        if let datacenter = access.datacenter { all.append(("dc", datacenter)) }
        if let namespace = access.namespace { all.append(("ns", namespace)) }
        let parts = all.map { name, value in value.map { "\(name)=\(ConsulURL.escaped($0))" } ?? name }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    func encode(_ message: some Encodable) throws(StoreError) -> [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(message))
        } catch {
            throw StoreError(.rejected, "cannot be said to \(location): \(error)")
        }
    }
}

/// An answer that no Consul gives.
struct ConsulMisanswer: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

extension HTTPResponse {
    /// Reads an answer in JSON, which is text also where nothing of it is read (RFC 8259, section 8.1).
    func consul<Answer: Decodable>(_ type: Answer.Type) throws -> Answer {
        guard String(validating: body, as: UTF8.self) != nil else { throw ConsulMisanswer("an answer that is no text") }
        return try JSONDecoder().decode(type, from: Data(body))
    }
}

/// Parts of a URL.
enum ConsulURL {
    /// Percent-encodes all but RFC 3986's unreserved characters.
    static func escaped(_ text: String) -> String { escaped(text, keeping: "-._~") }

    /// A key as a path: with its slashes.
    static func path(of key: String) -> String { escaped(key, keeping: "-._~/") }

    private static func escaped(_ text: String, keeping kept: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where kept.utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

extension ConsulURL {
    /// Whether every Consul takes a key in a URL: the strictest, 1.21.5, has a short list.
    static func isSafe(_ key: String) -> Bool {
        !key.contains("..")
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "-._/,".utf8.contains(byte)
                }
            }
    }
}
