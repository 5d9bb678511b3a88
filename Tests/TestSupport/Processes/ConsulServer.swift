import FoundationEssentials
import Glibc
import Synchronization

/// A real Consul in its development mode on loopback, with all it knows in memory. Dropping it kills it.
public final class ConsulServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    public let port: UInt16
    private let reserved: ClosedPorts
    private let folder: String
    private let state = Mutex(State(process: nil))

    /// Whether there is a `consul` on the PATH.
    public static var isInstalled: Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains { access("\($0)/consul", X_OK) == 0 }
    }

    /// Starts one and waits until it has a leader.
    public static func start() async throws -> ConsulServer {
        let server = try ConsulServer(on: try ClosedPorts(3))
        try await server.untilReady()
        return server
    }

    private init(on reserved: ClosedPorts) throws {
        self.reserved = reserved
        let ports = reserved.ports
        port = ports[0]
        folder = FileManager.default.temporaryDirectory.path() + "/skein-consul-\(getpid())-\(port)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = folder + "/log"
        let command = [
            "consul", "agent", "-dev", "-client", "127.0.0.1", "-bind", "127.0.0.1", "-log-level", "warn", "-http-port", "\(ports[0])",
            "-server-port", "\(ports[1])", "-serf-lan-port", "\(ports[2])", "-serf-wan-port", "-1", "-dns-port", "-1", "-grpc-port", "-1",
        ]
        try state.withLock { state in state.process = try ChildProcess(command, log: log) }
    }

    deinit {
        state.withLock { $0.process = nil }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it has printed.
    public var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "nothing" }

    private func untilReady() async throws {
        try await eventually("consul on port \(port) listens") {
            guard state.withLock({ $0.process?.hasEnded == false }) else { throw TestProblem("consul has ended: \(self.log)") }
            return LoopbackPorts.isOpen(port)
        }
    }
}
