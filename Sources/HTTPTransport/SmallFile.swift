import Glibc
import NetworkModel

/// Files of a few thousand bytes: keys, certificates, passwords.
enum SmallFile {
    /// Bytes that are read at most: many authorities' certificates, and no file that was named by mistake.
    private static let bound = 4 << 20

    /// - Throws: a sentence that names the file and says why it cannot be read.
    static func read(_ path: String) throws(InvalidValue) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw InvalidValue("cannot read '\(path)': \(SystemError(errno))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < bound {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw InvalidValue("cannot read '\(path)': \(SystemError(errno))") }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
