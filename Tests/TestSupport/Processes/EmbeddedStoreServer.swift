import FoundationEssentials
import Glibc
import Synchronization

/// A real `skein-controller` that keeps an embedded store and serves it on loopback. Dropping it kills it and removes the store.
public final class EmbeddedStoreServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    public var port: UInt16 { reserved.ports[0] }
    private let reserved: ClosedPorts
    private let folder: TemporaryFolder
    private let state = Mutex(State(process: nil))

    /// The store's file.
    public var path: String { folder.file("store.sqlite") }

    /// Starts one on an empty store, and waits until it answers.
    public static func start() async throws -> EmbeddedStoreServer {
        let server = try EmbeddedStoreServer()
        try await server.restart()
        return server
    }

    private init() throws {
        folder = try TemporaryFolder()
        reserved = try ClosedPorts(1)
    }

    deinit { kill() }

    /// Ends it without a farewell: `kill -9`.
    public func kill() {
        state.withLock { $0.process = nil }
    }

    /// Starts it again on what it has kept, and waits until it answers.
    public func restart() async throws {
        kill()
        guard let program = BuiltProgram.path("skein-controller") else { throw TestProblem("skein-controller is not built") }
        let command = [
            program, "--insecure-tcp", "--cluster-store", "embedded://\(path)", "--store-listen", "127.0.0.1:\(port)", "-H",
            "unix://\(folder.file("controller.sock"))",
        ]
        let log = folder.file("log")
        try state.withLock { state in state.process = try ChildProcess(command, log: log) }
        try await eventually("the embedded store on port \(port) answers") {
            guard state.withLock({ $0.process?.hasEnded == false }) else { throw TestProblem("the controller has ended: \(self.log)") }
            return LoopbackPorts.isOpen(port)
        }
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
    public var log: String { (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "nothing" }
}
