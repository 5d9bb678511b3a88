import FoundationEssentials
import HTTPTransport
import Logging
import NetworkModel

/// Speaks to a daemon: a worker on its unix socket, or a controller.
struct DaemonClient: Sendable {
    let address: DaemonAddress
    private let http: HTTPClient

    /// A daemon bounds its own work well below this: a request to another node has 10 seconds, ending a sandbox's processes 10 more.
    private static let patience = Duration.seconds(60)
    private static let connectPatience = Duration.seconds(5)

    /// - Parameter tls: what TLS needs where it is spoken.
    init(_ address: DaemonAddress, tls: TLSFiles? = nil) throws {
        self.address = address
        // What a daemon has to say is in its answers.
        http = try HTTPClient(tls: tls, logger: Logger(label: "skein") { _ in SwiftLogNoOpLogHandler() })
    }

    func get<Answer: Decodable>(_ target: APITarget, as type: Answer.Type) async throws -> Answer {
        try decode(try await send("GET", target), as: type)
    }

    func post<Answer: Decodable>(_ target: APITarget, _ body: some Encodable, as type: Answer.Type) async throws -> Answer {
        try decode(try await send("POST", target, body: [UInt8](try JSONEncoder().encode(body))), as: type)
    }

    func post(_ target: APITarget, _ body: some Encodable) async throws {
        _ = try await send("POST", target, body: [UInt8](try JSONEncoder().encode(body)))
    }

    /// A request whose whole meaning is in its target.
    func post<Answer: Decodable>(_ target: APITarget, as type: Answer.Type) async throws -> Answer {
        try decode(try await send("POST", target), as: type)
    }

    func delete(_ target: APITarget) async throws {
        _ = try await send("DELETE", target)
    }

    // MARK: Requests and answers

    private func send(_ method: String, _ target: APITarget, body: [UInt8]? = nil) async throws(CommandFault) -> [UInt8] {
        let request = HTTPRequest(
            method: method, url: address.base + target.text, headers: body == nil ? [:] : ["Content-Type": "application/json"],
            body: body ?? [], unixSocket: address.socketPath, connectTimeout: Self.connectPatience, timeout: Self.patience)
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw ConnectionFailure(address: address, error: error).fault
        }
        guard !(200..<300).contains(response.status) else { return response.body }
        throw CommandFault(status: response.status, message: message(of: response))
    }

    private struct ErrorBody: Decodable {
        let message: String
    }

    private func message(of response: HTTPResponse) -> String {
        if let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(response.body)) { return body.message }
        return "\(address) answered with HTTP status \(response.status): is it a Skein daemon?"
    }

    private func decode<Answer: Decodable>(_ bytes: [UInt8], as type: Answer.Type) throws(CommandFault) -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw CommandFault(.unknown, "the answer of \(address) cannot be read: is it a Skein daemon of another version? (\(error))")
        }
    }
}
