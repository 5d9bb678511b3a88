import Glibc
import NetworkModel

/// A file that is there when it is whole and not before. What it replaces stays until then. Only its owner may read it.
struct OutputFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    private var isWhole = false

    /// What is written until it is whole.
    var draft: String { path + ".partial" }

    init(_ path: String) throws(CommandFault) {
        self.path = path
        descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
    }

    deinit {
        close(descriptor)
        if !isWhole { unlink(path + ".partial") }
    }

    func write(_ bytes: [UInt8]) throws(CommandFault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw Self.failure("write", path) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Makes what was written durable, and puts it in place.
    mutating func finish() throws(CommandFault) {
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Self.failure("write", path) }
        isWhole = true
    }

    private static func failure(_ verb: String, _ path: String) -> CommandFault {
        CommandFault(.forbidden, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
