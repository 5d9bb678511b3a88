import FoundationEssentials
import Glibc
import Synchronization

/// A real Docker engine with namespaces, data and a socket of its own: nothing of the machine's own engine or network is touched. Dropping it
/// kills it with its containers.
public final class DockerServer: Sendable {
    private struct State: ~Copyable {
        var process: ChildProcess?
    }

    private let folder: TemporaryFolder
    private let group: String
    private let state = Mutex(State(process: nil))

    public var socket: String { folder.file("docker.sock") }
    private var log: String { folder.file("log") }

    /// Whether one can be started here.
    public static var isAvailable: Bool {
        let programs = ["/usr/sbin/dockerd", "/usr/bin/containerd", "/bin/busybox"]
        return geteuid() == 0 && programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts an engine with an image `busybox`, and waits until it answers.
    public static func start() async throws -> DockerServer {
        let server = try DockerServer()
        try await server.restart()
        try server.importImage()
        return server
    }

    private init() throws {
        folder = try TemporaryFolder()
        group = "skein-test-\(getpid())-\(folder.path.split(separator: "-").last ?? "")"
    }

    deinit {
        kill()
        // What it has mounted went with its mount namespace; its control groups stay, and can be removed when the last process is gone.
        for _ in 0..<250 where Self.controlGroups(named: group).contains(where: { !Self.remove($0) }) { usleep(20_000) }
    }

    /// The folders of a control group: of the second version, and of each controller of the first.
    private static func controlGroups(named name: String) -> [String] {
        let root = "/sys/fs/cgroup/"
        let controllers = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return ([root + name] + controllers.map { "\(root)\($0)/\(name)" }).filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// The groups within it first: their files go with them.
    private static func remove(_ group: String) -> Bool {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: group)) ?? [] {
            let path = group + "/" + name
            var information = stat()
            if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR { _ = remove(path) }
        }
        return rmdir(group) == 0
    }

    /// Ends it and all that it has started without a farewell: `kill -9`.
    public func kill() {
        state.withLock { $0.process = nil }
    }

    /// Starts it again on what it has kept, and waits until it answers.
    public func restart() async throws {
        kill()
        // The first process of the namespace takes all others with it, and so does the end of `unshare` to it.
        let prepare = "mount -t tmpfs none /run && mkdir -p /run/docker/plugins && ip link set lo up && hostname engine-under-test"
        let dockerd =
            "exec dockerd --data-root \(folder.path)/data --exec-root /run/docker-exec --pidfile /run/docker.pid -H unix://\(socket) "
            + "--storage-driver vfs --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent /\(group)"
        let command = ["unshare", "--mount", "--uts", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        try state.withLock { [log] state in state.process = try ChildProcess(command + ["sh", "-c", "\(prepare) && \(dockerd)"], log: log) }
        try await eventually("the engine answers", within: .seconds(90)) {
            guard state.withLock({ $0.process?.hasEnded == false }) else {
                throw TestProblem("dockerd has ended: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
            }
            return (try? docker("info")) != nil
        }
    }

    private func importImage() throws {
        let root = folder.file("image/bin")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: root + "/busybox")
        try FileManager.default.createSymbolicLink(atPath: root + "/sleep", withDestinationPath: "busybox")
        try runCommand(["tar", "-C", folder.file("image"), "-cf", folder.file("image.tar"), "."], log: log)
        _ = try docker("import", folder.file("image.tar"), "busybox")
    }

    /// Runs the `docker` command line with it.
    /// - Returns: what it printed, without the line feed at its end.
    public func docker(_ arguments: String...) throws -> String {
        let output = folder.file("output-\(UUID().uuidString)")
        try runCommand(["docker", "--host", "unix://\(socket)"] + arguments, log: output)
        return try String(contentsOfFile: output, encoding: .utf8).trimmed
    }
}

extension String {
    fileprivate var trimmed: String { String(reversed().drop(while: \.isNewline).reversed()) }
}
