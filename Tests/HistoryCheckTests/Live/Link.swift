import Synchronization
import TestSupport

/// A way to a server of loopback that breaks and is mended.
final class Link: Sendable {
    private let server: FakeServer
    private let isBroken: BrokenFlag

    /// Shared with the threads that serve connections.
    private final class BrokenFlag: Sendable {
        let value = Atomic(false)
    }

    var port: UInt16 { server.port }

    init(to port: UInt16) throws {
        let isBroken = BrokenFlag()
        self.isBroken = isBroken
        server = try FakeServer { connection in
            guard !isBroken.value.load(ordering: .relaxed) else { return connection.reset() }
            try connection.relay(to: port)
        }
    }

    /// Ends all connections, and new ones as soon as they are made.
    func sever() {
        isBroken.value.store(true, ordering: .relaxed)
        server.breakConnections()
    }

    func mend() {
        isBroken.value.store(false, ordering: .relaxed)
    }
}
