import FoundationEssentials
import Glibc
import Synchronization

/// A real etcd of one member on loopback, with data of its own. Dropping it kills it and removes the data.
public final class EtcdServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    private struct Member {
        let name: String
        let port: UInt16
        let peerPort: UInt16
        /// Where the others find it.
        let peerHost: String
        /// By what it connects to them.
        let proxy: String?

        var listenPeerURL: String { "http://127.0.0.1:\(peerPort)" }
        var peerURL: String { "http://\(peerHost):\(peerPort)" }
        /// The settings of whoever runs the tests do not count.
        var command: [String] {
            proxy.map { ["env", "-u", "NO_PROXY", "-u", "no_proxy", "HTTP_PROXY=\($0)", "etcd"] } ?? ["etcd"]
        }
    }

    public let port: UInt16
    private let reserved: ClosedPorts
    private let folder: String
    private let command: [String]
    private let state = Mutex(State(process: nil))

    /// Starts an etcd and waits until it answers.
    ///
    /// - Parameter flags: more of etcd's flags, which come last.
    public static func start(_ flags: String...) async throws -> EtcdServer {
        try await start(flags)
    }

    public static func start(_ flags: [String]) async throws -> EtcdServer {
        try await startAll(1, scheme: "http", flags)[0]
    }

    /// Starts an etcd that speaks TLS, by etcd's `--cert-file` and its kind.
    public static func startSecure(_ flags: String...) async throws -> EtcdServer {
        try await startAll(1, scheme: "https", flags)[0]
    }

    /// Starts a cluster of several members.
    ///
    /// - Parameter network: what they reach each other by, of as many members; directly if it is not given.
    public static func startCluster(of count: Int, over network: PeerNetwork? = nil, _ flags: String...) async throws -> [EtcdServer] {
        try await startAll(count, over: network, scheme: "http", flags)
    }

    private static func startAll(
        _ count: Int, over network: PeerNetwork? = nil, scheme: String, _ flags: [String]
    ) async throws -> [EtcdServer] {
        let reserved = try ClosedPorts(2 * count)
        let members = (0..<count).map { number in
            Member(
                name: "m\(number)", port: reserved.ports[2 * number], peerPort: reserved.ports[2 * number + 1],
                peerHost: network?.host(of: number) ?? "127.0.0.1", proxy: network?.proxy(of: number))
        }
        let servers = try members.map { try EtcdServer($0, of: members, on: reserved, scheme: scheme, flags) }
        for server in servers { try server.spawn() }
        for server in servers { try await server.untilReady() }
        return servers
    }

    private init(_ member: Member, of members: [Member], on reserved: ClosedPorts, scheme: String, _ flags: [String]) throws {
        self.reserved = reserved
        port = member.port
        folder = FileManager.default.temporaryDirectory.path() + "/skein-etcd-\(getpid())-\(port)"
        let client = "\(scheme)://127.0.0.1:\(port)"
        command =
            member.command + [
                "--name", member.name, "--data-dir", folder + "/data", "--logger", "zap", "--log-level", "warn",
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", member.listenPeerURL, "--initial-advertise-peer-urls", member.peerURL,
                "--initial-cluster", members.map { "\($0.name)=\($0.peerURL)" }.joined(separator: ","),
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
        try spawn()
        try await untilReady()
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

    private func spawn() throws {
        let (command, log) = (command, folder + "/log")
        try state.withLock { state in state.process = try ChildProcess(command, log: log) }
    }

    /// etcd listens for clients only when it has a leader.
    private func untilReady() async throws {
        try await eventually("etcd on port \(port) answers") {
            guard state.withLock({ $0.process?.hasEnded == false }) else { throw TestProblem("etcd has ended: \(self.log)") }
            return LoopbackPorts.isOpen(port)
        }
    }
}
