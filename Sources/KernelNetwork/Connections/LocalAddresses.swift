import Glibc
import NetworkModel

/// The addresses of the devices in the calling thread's namespace.
enum LocalAddresses {
    static var all: Set<IPAddress> {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var addresses: Set<IPAddress> = []
        var entry = unsafe list
        while let current = unsafe entry {
            if let name = unsafe current.pointee.ifa_addr, let address = unsafe address(name) { addresses.insert(address) }
            unsafe entry = current.pointee.ifa_next
        }
        return addresses
    }

    private static func address(_ name: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        switch unsafe Int32(name.pointee.sa_family) {
        case AF_INET:
            return unsafe name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe IPAddress(family: .v4, bits: UInt128(UInt32(bigEndian: $0.pointee.sin_addr.s_addr)))
            }
        case AF_INET6:
            return unsafe name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { unsafe IPAddress(bytes: $0) }
            }
        default: return nil
        }
    }
}
