import CMnl
import Glibc
import NetworkModel

/// Sockets to be asked at.
enum ServerSocket {
    /// How many connections may wait to be accepted.
    private static let backlog: Int32 = 128

    /// Opens a socket in the calling thread's namespace.
    static func open(_ kind: SocketKind, at address: IPAddress, port: UInt16, in place: KernelNamespace) throws(KernelError) -> Int32 {
        let operation = "cannot open \(kind == .stream ? "TCP" : "UDP") port \(port) of \(address) in \(place)"
        let type = (kind == .stream ? SOCK_STREAM : SOCK_DGRAM).rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(address.family.number, Int32(type), 0)
        guard descriptor >= 0 else { throw .current(operation) }
        do throws(KernelError) {
            for (level, option) in options(for: address.family) {
                var on: Int32 = 1
                guard unsafe setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
                    throw .current(operation)
                }
            }
            guard SocketName.bind(descriptor, to: address, port: port) == 0 else { throw .current(operation) }
            guard kind == .datagram || listen(descriptor, backlog) == 0 else { throw .current(operation) }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// An address may be bound before it is there, and again at once after a crash.
    private static func options(for family: IPFamily) -> [(level: Int32, option: Int32)] {
        let reuse = (SOL_SOCKET, SO_REUSEADDR)
        return switch family {
        case .v4: [reuse, (Int32(IPPROTO_IP), IP_FREEBIND)]
        case .v6: [reuse, (Int32(IPPROTO_IPV6), IPV6_V6ONLY), (Int32(IPPROTO_IPV6), IPV6_FREEBIND)]
        }
    }
}
