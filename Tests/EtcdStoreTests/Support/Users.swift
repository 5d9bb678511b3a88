import EtcdProtocol
import FoundationEssentials
import HTTPTransport
import Logging
import Synchronization
import TestSupport

/// The users of a real etcd, made over its gateway as `etcdctl user`, `role` and `auth` do.
struct EtcdUsers {
    let etcd: EtcdServer
    /// Speaks TLS if it has files for that.
    let http: HTTPClient
    private let isSecure: Bool

    init(etcd: EtcdServer, http: HTTPClient? = nil) throws {
        self.etcd = etcd
        isSecure = http != nil
        self.http = try http ?? HTTPClient(logger: .silent)
    }

    static func make(_ etcd: EtcdServer, user: String, password: String, prefix: String) async throws -> EtcdUsers {
        let users = try EtcdUsers(etcd: etcd)
        try await users.make(user: user, password: password, prefix: prefix)
        return users
    }

    /// Makes `root`, and a user who may read and write below a prefix; then users are asked for.
    func make(user: String, password: String, prefix: String) async throws {
        try await add("root", password: "root")
        try await post("auth/user/grant", ["user": "root", "role": "root"], isRoot: false)
        try await add(user, password: password)
        try await post("auth/role/add", ["name": "writer"], isRoot: false)
        try await post("auth/role/grant", Grant(name: "writer", prefix: prefix), isRoot: false)
        try await post("auth/user/grant", ["user": user, "role": "writer"], isRoot: false)
        try await post("auth/enable", [String: String](), isRoot: false)
    }

    private func add(_ user: String, password: String) async throws {
        try await post("auth/user/add", ["name": user, "password": password], isRoot: false)
    }

    /// Makes etcd forget the tokens of a user, and gives its record of rights another revision.
    func forgetTokens(of credentials: Credentials) async throws {
        try await setPassword(try credentials.password.read(), of: credentials.user)
        try await post("auth/role/add", ["name": "role-\(UInt64.random(in: 0...UInt64.max))"], isRoot: true)
    }

    func disable() async throws {
        try await post("auth/disable", [String: String](), isRoot: true)
    }

    func setPassword(_ password: String, of user: String) async throws {
        try await post("auth/user/changepw", ["name": user, "password": password], isRoot: true)
    }

    private func post(_ path: String, _ message: some Encodable, isRoot: Bool) async throws {
        var headers: HTTPHeaders = [:]
        if isRoot {
            let answer = try await send("auth/authenticate", EtcdAuthenticateRequest(name: "root", password: "root"), [:])
            headers.append("Authorization", try EtcdJSON.decode(EtcdAuthenticateResponse.self, from: answer.body).token)
        }
        let response = try await send(path, message, headers)
        guard response.status == 200 else { throw TestProblem("\(path): \(String(decoding: response.body, as: UTF8.self))") }
    }

    private func send(_ path: String, _ message: some Encodable, _ headers: HTTPHeaders) async throws -> HTTPResponse {
        let url = "\(isSecure ? "https" : "http")://127.0.0.1:\(etcd.port)/v3/\(path)"
        let body = try EtcdJSON.encode(message)
        return try await http.send(
            HTTPRequest(method: "POST", url: url, headers: headers, body: body, connectTimeout: .seconds(30), timeout: .seconds(30)))
    }

    private struct Grant: Encodable {
        struct Permission: Encodable {
            let permType = "READWRITE"
            @EtcdBytes var key: [UInt8]
            @EtcdBytes var range_end: [UInt8]
        }

        let name: String
        let perm: Permission

        init(name: String, prefix: String) {
            self.name = name
            let range = EtcdKeyRange(prefix: Array(prefix.utf8))
            perm = Permission(key: range.key, range_end: range.end)
        }
    }
}

/// Everything that was logged, at any level, with its metadata.
final class RecordedLog: Sendable {
    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }

    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logger: Logger { Logger(label: "test", factory: { _ in Handler(log: self) }) }
}

extension String {
    func write(toFile path: String) throws {
        try Data(utf8).write(to: URL(filePath: path), options: .atomic)
    }
}
