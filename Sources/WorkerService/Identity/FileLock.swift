import DaemonKit
import Glibc
import NetworkModel

/// A lock on a file that is held for as long as this lives, and no longer than the process does, however that ends (flock(2)).
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Parameter conflict: what to say if another process holds it.
    /// - Throws: ``DaemonKit/DaemonError``.
    init(_ path: String, orThrow conflict: String) throws(DaemonError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DaemonError(.forbidden, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DaemonError(.conflict, conflict)
        }
    }

    deinit {
        close(descriptor)
    }

    /// The lock of a host's worker, beside the names of its namespaces. Of two with state directories of their own, each would take the other's
    /// namespaces for leftovers, and remove them.
    static func ofHost() throws(DaemonError) -> FileLock {
        let folder = "/run/skein"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw DaemonError(.forbidden, "cannot make the folder \(folder): \(String(cString: strerror(errno)))")
        }
        return try FileLock(
            folder + "/worker.lock", orThrow: "another skein-worker serves this host (\(folder)/worker.lock): stop it first")
    }

    /// Holds it for as long as some work takes.
    func held(during work: () async throws -> Void) async rethrows {
        defer { withExtendedLifetime(self) {} }
        try await work()
    }
}
