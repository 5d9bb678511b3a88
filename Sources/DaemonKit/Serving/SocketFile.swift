import Glibc
import NetworkModel

/// The file of a unix socket.
///
/// A server binds it in a folder that nobody else may enter, and it gets its place when it has its group and its mode: at no moment may
/// somebody connect whom the mode keeps out.
struct SocketFile {
    let path: String
    private let folder: String

    /// Where the server binds it.
    var staged: String { folder + "/s" }

    /// Makes the folders, and removes a socket that an earlier life left behind.
    ///
    /// - Throws: ``DaemonError`` if somebody listens on it, or the place cannot be used.
    init(preparing path: String) throws(DaemonError) {
        self.path = path
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        folder = "\(path[..<slash])/.\(path[slash...].dropFirst())"
        try Self.makeParents(of: path)
        try Self.removeFormer(path)
        try makeFolder()
    }

    /// Gives it its place, for root and the members of a group: Docker's mode.
    func publish(to group: SocketGroup?) throws(DaemonError) {
        if let group, chown(staged, uid_t.max, group.id) != 0, group.isNamed {
            throw DaemonError(.forbidden, "cannot give \(path) to the group \(group): \(String(cString: strerror(errno)))")
        }
        // A link, unlike a rename, replaces nothing that another process has put there meanwhile.
        guard chmod(staged, 0o660) == 0, link(staged, path) == 0 else {
            throw DaemonError(.forbidden, "cannot make the socket \(path): \(String(cString: strerror(errno)))")
        }
        removeFolder()
    }

    func remove() {
        unlink(path)
        removeFolder()
    }

    private func removeFolder() {
        unlink(staged)
        rmdir(folder)
    }

    private func makeFolder() throws(DaemonError) {
        guard mkdir(folder, 0o700) != 0 else { return }
        var status = stat()
        // One that a life left which was cut short.
        let isOurs = lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
        guard isOurs, chmod(folder, 0o700) == 0 else {
            throw DaemonError(
                .forbidden, "cannot make the folder \(folder), in which the socket begins: \(String(cString: strerror(errno)))")
        }
        unlink(staged)
    }

    private static func removeFormer(_ path: String) throws(DaemonError) {
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
