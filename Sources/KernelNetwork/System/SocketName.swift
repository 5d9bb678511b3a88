import Glibc
public import NetworkModel

/// What bind(2) takes: an address of either family, and a port.
public enum SocketName {
    /// Binds a socket.
    /// - Returns: 0, or -1 with the reason in `errno`, as bind(2) does.
    public static func bind(_ descriptor: Int32, to address: IPAddress, port: UInt16) -> Int32 {
        switch address.family {
        case .v4:
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            name.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
            return bind(descriptor, &name)
        case .v6:
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: address.bytes) }
            return bind(descriptor, &name)
        }
    }

    private static func bind<Name>(_ descriptor: Int32, _ name: inout Name) -> Int32 {
        unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
            }
        }
    }
}
