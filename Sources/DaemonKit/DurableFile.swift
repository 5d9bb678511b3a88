import Glibc
import NetworkModel

/// A small file that is either as before or as written, also after a power failure.
public struct DurableFile: Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// The whole text, or nil if there is no such file.
    public func read() throws(DaemonError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw failure("read") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Writes a new file beside it, flushes it to disk and renames it into place.
    public func write(_ text: String) throws(DaemonError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write") }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure("write") }
        try flushFolder()
    }

    /// The rename itself is durable only once the folder is flushed (rename(2), fsync(2)).
    private func flushFolder() throws(DaemonError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("flush") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("flush") }
    }

    private func failure(_ verb: String) -> DaemonError {
        DaemonError(.forbidden, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
