import FoundationEssentials
import Glibc
import Synchronization

/// A controller that serves an embedded store on loopback, with data of its own. Dropping it kills it and removes the data.
public final class ControllerServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    /// Where the store is served.
    public let storePort: UInt16
    private let folder: String
    private let state = Mutex(State(process: nil))

    /// Starts a controller and waits until its store answers.
    public static func start() async throws -> ControllerServer {
        var problem: any Error = TestProblem("the controller was not started")
        // Another process may take the port between our look and the controller's.
        for _ in 0..<5 {
            do {
                let controller = try ControllerServer(port: try LoopbackPorts.free(1)[0])
                try await controller.restart()
                return controller
            } catch {
                problem = error
            }
        }
        throw problem
    }

    private init(port: UInt16) throws {
        storePort = port
        folder = FileManager.default.temporaryDirectory.path() + "/skein-controller-\(getpid())-\(port)"
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

    /// Starts it again on what it has kept, and waits until its store answers.
    public func restart() async throws {
        kill()
        let command = [
            try Self.program, "--cluster-store", "embedded://\(folder)/store.sqlite", "--host", "unix://\(folder)/controller.sock",
            "--store-listen", "127.0.0.1:\(storePort)",
        ]
        let log = folder + "/log"
        try state.withLock { state in state.process = try ChildProcess(command, log: log) }
        try await eventually("the controller's store answers on port \(storePort)") {
            guard state.withLock({ $0.process?.hasEnded == false }) else { throw TestProblem("the controller has ended: \(self.log)") }
            return LoopbackPorts.isOpen(storePort)
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

    private var log: String {
        (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "nothing"
    }

    /// The program that was built together with the tests: it lies beside their bundle.
    private static var program: String {
        get throws {
            let arguments = CommandLine.arguments
            guard let bundle = arguments.first(where: { $0.hasSuffix(".xctest") }), let end = bundle.lastIndex(of: "/") else {
                throw TestProblem("cannot tell where the programs are: no test bundle among \(arguments)")
            }
            return bundle[..<end] + "/skein-controller"
        }
    }
}
