import Glibc
import NIOPosix

/// Sockets on loopback, by hand.
enum Loopback {
    struct Failed: Error {
        let call: String
        let code = errno
    }

    /// A bound, non-blocking UDP and TCP socket of one port.
    static func pair(_ address: String) throws -> (datagram: Int32, stream: Int32, port: UInt16) {
        for _ in 0..<100 {
            let datagram = try bound(address, 0, SOCK_DGRAM)
            let port = try port(of: datagram)
            if let stream = try? bound(address, port, SOCK_STREAM) { return (datagram, stream, port) }
            close(datagram)
        }
        throw Failed(call: "a port for both")
    }

    static func bound(_ address: String, _ port: UInt16, _ kind: __socket_type) throws -> Int32 {
        // Commands that other tests run must not hold it open.
        let descriptor = socket(AF_INET, Int32(kind.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A port whose connections have been closed is free.
        var isOn: Int32 = 1
        if kind == SOCK_STREAM { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size)) }
        var name = try name(address, port)
        let result = withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else {
            let failure = Failed(call: "bind \(address):\(port)")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    static func name(_ address: String, _ port: UInt16) throws -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else { throw Failed(call: "inet_pton \(address)") }
        return name
    }

    private static func port(of descriptor: Int32) throws -> UInt16 {
        var (name, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
        let result = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw Failed(call: "getsockname") }
        return UInt16(bigEndian: name.sin_port)
    }
}

/// Somebody with a UDP socket, asking one server.
final class DatagramAsker: Sendable {
    private let descriptor: Int32

    init(from source: String, to server: String, port: UInt16) throws {
        descriptor = try Loopback.bound(source, 0, SOCK_DGRAM)
        var name = try Loopback.name(server, port)
        let result = withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw Loopback.Failed(call: "connect") }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The next message, or nil when none comes in time; waits off the threads that the server needs.
    func receive(within milliseconds: Int32 = 20_000) async throws -> [UInt8]? {
        let descriptor = descriptor
        return try await NIOThreadPool.singleton.runIfActive {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, milliseconds) == 1 else { return nil }
            return Self.read(descriptor)
        }
    }

    /// What has come already.
    func receiveNow() -> [UInt8]? { Self.read(descriptor) }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : Array(bytes.prefix(count))
    }
}
