import TestSupport

/// A way to a server of loopback that can be cut: a fake of a network between.
final class Relay: Sendable {
    private let server: FakeServer

    var port: UInt16 { server.port }
    var openConnections: Int { server.openConnections }

    init(to port: UInt16) throws {
        server = try FakeServer { try $0.relay(to: port) }
    }

    /// Breaks all connections, and refuses new ones.
    func cut() {
        server.stopListening()
        server.breakConnections()
    }
}
