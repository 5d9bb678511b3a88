import DaemonKit
import Glibc

/// The process of the Docker engine of this host.
struct EngineProcess: Hashable, Sendable {
    let pid: Int32

    /// The process that listens at a socket; with systemd's socket activation that is systemd, so the engine's own file tells, or
    /// that there is one engine only.
    static func find(socket: String) -> EngineProcess? {
        let candidates = [UnixPeer.process(at: socket), recorded].compactMap(\.self).filter(isEngine)
        if let first = candidates.first { return EngineProcess(pid: first) }
        let engines = ProcFiles.processes.filter(isEngine)
        return engines.count == 1 ? engines.first.map { EngineProcess(pid: $0) } : nil
    }

    private static let pidFile = "/var/run/docker.pid"

    private static var recorded: Int32? {
        ProcFiles.text(of: pidFile).flatMap { Int32($0.filter { !$0.isWhitespace }) }
    }

    private static func isEngine(_ pid: Int32) -> Bool {
        ProcFiles.text(of: "/proc/\(pid)/comm") == "dockerd\n"
    }

    private var arguments: [String] {
        let text = ProcFiles.text(of: "/proc/\(pid)/cmdline") ?? ""
        return text.split(separator: "\0", omittingEmptySubsequences: false).dropFirst().map { String($0) }
    }

    /// The engine may see another file system than the worker.
    var configuration: EngineConfiguration {
        let file = EngineConfiguration.file(in: arguments)
        let seen = "/proc/\(pid)/\(file.hasPrefix("/") ? "root" : "cwd/")\(file)"
        let path = FileFacts(path: seen) == nil ? file : seen
        var configuration = EngineConfiguration(arguments: arguments, file: ProcFiles.text(of: path))
        if let changed = FileFacts(path: path)?.modified, let started = ProcFiles.start(of: pid) {
            configuration.isFileNewer = changed > started + 1
        }
        return configuration
    }

    /// nil if this process may not look at the engine's.
    var sharesNetwork: Bool? {
        guard let theirs = FileFacts(path: "/proc/\(pid)/ns/net"), let ours = FileFacts(path: "/proc/self/ns/net") else { return nil }
        return theirs.isSame(as: ours)
    }

    /// Whether the engine has the same socket at a path; nil if this process may not look, or has none there itself.
    func sees(socket: String) -> Bool? {
        guard let ours = FileFacts(path: socket), FileFacts(path: "/proc/\(pid)/root/") != nil else { return nil }
        return FileFacts(path: "/proc/\(pid)/root\(socket)").map { $0.isSame(as: ours) } ?? false
    }
}
