import Glibc
import KernelNetwork
import NetworkModel

/// A bound socket that nobody reads: it keeps others from a port for as long as this lives.
final class HeldPort: Sendable {
    enum Outcome {
        case held(HeldPort)
        /// The kernel does not have the protocol or the family: there is nobody to keep from it.
        case impossible
        /// In the words of `strerror(3)`, in lower case.
        case refused(String)
    }

    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    static func hold(_ transport: TransportProtocol, _ address: IPAddress, port: UInt16) -> Outcome {
        let type = Int32((transport == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family == .v4 ? AF_INET : AF_INET6, type, Int32(transport.rawValue))
        guard descriptor >= 0 else { return outcome(of: errno, for: address) }
        let held = HeldPort(descriptor)
        // A server that ended a moment ago leaves connections behind that keep the port from those who do not say so.
        if transport != .udp { set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) }
        if address.family == .v6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard SocketName.bind(descriptor, to: address, port: port) == 0 else { return outcome(of: errno, for: address) }
        // With it, others that say so too would get the port beside us.
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 0)
        // Only what comes by a device that there is not would be delivered: before the rules are there, and after, a sender is refused.
        if transport == .udp { set(descriptor, SOL_SOCKET, bindToDeviceIndex, Int32.max) }
        return .held(held)
    }

    /// `SO_BINDTOIFINDEX` of asm-generic/socket.h.
    private static let bindToDeviceIndex: Int32 = 62

    private static func outcome(of number: Int32, for address: IPAddress) -> Outcome {
        let isMissing = [EPROTONOSUPPORT, ESOCKTNOSUPPORT, EAFNOSUPPORT].contains(number)
        // A host where IPv6 is switched off has the family, and no address of it.
        if isMissing || number == EADDRNOTAVAIL && address == IPAddress(family: .v6, bits: 0) { return .impossible }
        let words = String(cString: strerror(number))
        return .refused(words.prefix(1).lowercased() + words.dropFirst())
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

/// The ports that the kernel itself gives out.
enum EphemeralPorts {
    private static let usual: ClosedRange<UInt16> = 32768...60999

    /// `net.ipv4.ip_local_port_range` (ip(7)).
    static var ofHost: ClosedRange<UInt16> {
        let descriptor = open("/proc/sys/net/ipv4/ip_local_port_range", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return usual }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        let numbers = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            UInt16($0)
        }
        guard numbers.count == 2, numbers[0] <= numbers[1], numbers[0] > 0 else { return usual }
        return numbers[0]...numbers[1]
    }
}
