import Glibc
import NetworkModel

/// The file of a unix socket: made ready before the server binds it.
enum SocketFile {
    /// Makes the folder, and removes a socket that an earlier life left behind.
    ///
    /// - Throws: ``DaemonError`` if somebody listens on it, or the place cannot be used.
    static func prepare(_ path: String) throws(DaemonError) {
        try makeParents(of: path)
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw DaemonError(
                .conflict, "\(path) exists and is not a socket: remove it or choose another address with -H, --socket or --plugin-socket")
        }
        guard !isAnswered(path) else {
            throw DaemonError(.conflict, "another process listens on unix://\(path): stop it, or choose another address")
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw DaemonError(.forbidden, "cannot remove the old socket \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func makeParents(of path: String) throws(DaemonError) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw DaemonError(.forbidden, "cannot make the folder \(folder): \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func isAnswered(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
