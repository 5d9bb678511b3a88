import FoundationEssentials
import Glibc
import Synchronization

/// A real etcd of one member on loopback, with data of its own. Dropping it kills it and removes the data.
public final class EtcdServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    public let port: UInt16
    private let peerPort: UInt16
    private let folder: String
    private let flags: [String]
    private let state = Mutex(State(process: nil))

    /// Starts an etcd and waits until it answers.
    ///
    /// - Parameter flags: more of etcd's flags, which come last.
    public static func start(_ flags: String...) async throws -> EtcdServer {
        try await start(scheme: "http", flags)
    }

    /// Starts an etcd that speaks TLS, by etcd's `--cert-file` and its kind.
    public static func startSecure(_ flags: String...) async throws -> EtcdServer {
        try await start(scheme: "https", flags)
    }

    private static func start(scheme: String, _ flags: [String]) async throws -> EtcdServer {
        var problem: any Error = TestProblem("etcd was not started")
        // Another process may take a port between our look and etcd's.
        for _ in 0..<5 {
            let server = try EtcdServer(scheme: scheme, flags)
            do {
                try await server.run()
                return server
            } catch {
                problem = error
            }
        }
        throw problem
    }

    private init(scheme: String, _ flags: [String]) throws {
        let ports = try LoopbackPorts.free(2)
        (port, peerPort) = (ports[0], ports[1])
        folder = FileManager.default.temporaryDirectory.path() + "/skein-etcd-\(getpid())-\(port)"
        let client = "\(scheme)://127.0.0.1:\(port)"
        let peer = "http://127.0.0.1:\(peerPort)"
        self.flags =
            [
                "--name", "test", "--data-dir", folder + "/data", "--logger", "zap", "--log-level", "warn",
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "test=\(peer)",
                // A client that resumes too early is told of the revision that it misses, soon.
                "--heartbeat-interval", "20", "--election-timeout", "200",
            ] + flags
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Ends it without a farewell: `kill -9`.
    public func kill() {
        state.withLock { $0.process = nil }
    }

    /// Starts it again on what it has kept, and waits until it answers.
    public func restart() async throws {
        kill()
        try await run()
    }

    /// Removes all that it has kept. It must not run.
    public func forget() throws {
        try FileManager.default.removeItem(atPath: folder + "/data")
    }

    /// Stops it as a machine that hangs: its connections stay open and nobody answers.
    public func freeze() {
        state.withLock { $0.process?.signal(SIGSTOP) }
    }

    /// Lets it go on after ``freeze()``.
    public func thaw() {
        state.withLock { $0.process?.signal(SIGCONT) }
    }

    /// What it has printed.
    public var log: String {
        (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "nothing"
    }

    private func run() async throws {
        let (flags, log) = (flags, folder + "/log")
        try state.withLock { state in state.process = try ChildProcess(["etcd"] + flags, log: log) }
        try await eventually("etcd on port \(port) answers") {
            guard state.withLock({ $0.process?.hasEnded == false }) else { throw TestProblem("etcd has ended: \(self.log)") }
            return isReady
        }
    }

    /// Whether it has a leader: etcd listens for clients only when it has.
    private var isReady: Bool { LoopbackPorts.isOpen(port) }
}
