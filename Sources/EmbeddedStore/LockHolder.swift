import Glibc

/// Who holds a lock on a file, as far as the kernel tells.
///
/// From /proc/locks (proc_locks(5)) and not by fcntl(2): closing the file afterwards would take this process's own locks on it away.
enum LockHolder {
    /// ` (process 12, skein-controller)`, or nothing when nobody can be named.
    static func description(of path: String) -> String {
        guard let process = process(holding: path) else { return "" }
        let name = text("/proc/\(process)/comm")?.split(separator: "\n").first.map { ", \($0)" } ?? ""
        return " (process \(process)\(name))"
    }

    private static func process(holding path: String) -> pid_t? {
        var status = stat()
        guard stat(path, &status) == 0, let locks = text("/proc/locks") else { return nil }
        return process(holding: UInt64(status.st_ino), in: locks)
    }

    /// Lines are like `1: POSIX  ADVISORY  WRITE 1231 fd:01:131 1073741826 1073742335`. The device there is not always the one that
    /// stat(2) tells, on overlays for one, so the inode alone decides.
    static func process(holding inode: UInt64, in locks: String) -> pid_t? {
        for line in locks.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[1] == "POSIX", fields[5].split(separator: ":").last == "\(inode)" else { continue }
            // Of another namespace of processes, it has no number here.
            if let process = pid_t(fields[4]), process > 0 { return process }
        }
        return nil
    }

    /// Read to its end: the kernel gives such a file a page at a time.
    private static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
