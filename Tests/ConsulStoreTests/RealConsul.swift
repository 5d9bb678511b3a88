import ClusterStore
import FoundationEssentials
import HTTPTransport
import NetworkModel
import TestSupport

@testable import ConsulStore

/// A real Consul: the one at `CONSUL_HTTP_ADDR`, or one of our own where `consul` is on the PATH.
struct RealConsul: Sendable {
    let endpoint: ServerEndpoint
    let access: ConsulAccess
    /// Below it is all that the tests write.
    let root = "skein-test-\(SystemRandomness().next())"
    private let server: ConsulServer?

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    private static var address: String? { environment["CONSUL_HTTP_ADDR"] }
    static var isThere: Bool { address != nil || ConsulServer.isInstalled }

    static func start() async throws -> RealConsul {
        let access = ConsulAccess(token: environment["CONSUL_HTTP_TOKEN"].map { .text($0) })
        let consul: RealConsul
        if let address, let endpoint = endpoint(address) {
            consul = RealConsul(endpoint: endpoint, access: access, server: nil)
        } else {
            let server = try await ConsulServer.start()
            consul = RealConsul(endpoint: ServerEndpoint(host: "127.0.0.1", port: server.port), access: access, server: server)
        }
        let store = try consul.store(root: "begin")
        try await eventually("Consul has a leader") { (try? await store.put("a")) != nil }
        return consul
    }

    func store(root: String) throws -> ConsulStore {
        ConsulStore(
            endpoints: [endpoint], root: self.root + "/" + root, access: access, http: try HTTPClient(logger: .silent),
            clock: ContinuousClock(), randomness: SystemRandomness(), limits: .generous, logger: .silent)
    }

    /// Removes what the tests wrote.
    func clean() async throws {
        _ = try await store(root: "").commit(StoreTransaction([], then: [.deleteChildren(.everything)]))
    }

    /// Of `http://host:port` or `host:port`.
    private static func endpoint(_ address: String) -> ServerEndpoint? {
        let isSecure = address.hasPrefix("https://")
        let authority = address.split(separator: "//").last.map(String.init) ?? address
        let parts = authority.split(separator: ":")
        guard let host = parts.first, let port = UInt16(parts.count > 1 ? parts[1] : "8500") else { return nil }
        return ServerEndpoint(host: String(host), port: port, isSecure: isSecure)
    }
}
