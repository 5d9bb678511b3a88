import Glibc
import Synchronization

/// A pipe that gets a thread out of poll(2).
final class WakePipe: Sendable {
    let readable: Int32
    private let writable: Int32

    init() throws(NameServerError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else { throw .outOfMemory }
        (readable, writable) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readable)
        close(writable)
    }

    /// A full pipe is as good: somebody rang before.
    func ring() {
        var byte: UInt8 = 1
        _ = unsafe write(writable, &byte, 1)
    }

    func clear() {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        _ = unsafe bytes.withUnsafeMutableBytes { unsafe read(readable, $0.baseAddress, $0.count) }
    }
}
