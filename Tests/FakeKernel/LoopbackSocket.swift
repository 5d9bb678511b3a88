import Glibc
import KernelNetwork

/// Sockets on a free port of 127.0.0.1: what a fake namespace gives out in place of its own.
enum LoopbackSocket {
    static func open(_ kind: SocketKind) throws(KernelError) -> (descriptor: Int32, port: UInt16) {
        let type = Int32((kind == .stream ? SOCK_STREAM : SOCK_DGRAM).rawValue) | nonBlocking | closeOnExec
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw .errno(errno, "cannot open a socket") }
        guard let port = bindToLoopback(descriptor), kind == .datagram || listen(descriptor, 64) == 0 else {
            let number = errno
            close(descriptor)
            throw .errno(number, "cannot bind a socket")
        }
        return (descriptor, port)
    }

    private static let nonBlocking = Int32(SOCK_NONBLOCK.rawValue)
    private static let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

    private static func bindToLoopback(_ descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        } ? UInt16(bigEndian: address.sin_port) : nil
    }
}
