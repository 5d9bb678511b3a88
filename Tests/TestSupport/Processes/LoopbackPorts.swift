import Glibc

/// TCP ports of 127.0.0.1.
public enum LoopbackPorts {
    /// Whether somebody accepts connections.
    public static func isOpen(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withLoopbackAddress(port: port) { connect(descriptor, $0, $1) } == 0
    }
}

/// Ports of 127.0.0.1 that nobody gets by chance as long as this lives: they refuse connections until a program that was told of them listens.
public final class ClosedPorts: Sendable {
    public let ports: [UInt16]
    private let descriptors: [Int32]

    public init(_ count: Int) throws {
        let sockets = try (0..<count).map { _ in try FakeServer.boundSocket(isReserving: true) }
        ports = sockets.map(\.port)
        descriptors = sockets.map(\.descriptor)
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}

func withLoopbackAddress<Result>(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}
