import Glibc
import NIOPosix
import NetworkModel

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
        let family = address.contains(":") ? AF_INET6 : AF_INET
        // Commands that other tests run must not hold it open.
        let descriptor = socket(family, Int32(kind.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A port whose connections have been closed is free.
        var isOn: Int32 = 1
        if kind == SOCK_STREAM { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size)) }
        guard try withName(address, port, { bind(descriptor, $0, $1) }) == 0 else {
            let failure = Failed(call: "bind \(address):\(port)")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    /// Lends a socket address, laid out by hand (ip(7), ipv6(7)): Swift finds the system's own structures in several modules.
    static func withName(_ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws -> Int32 {
        let address = try IPAddress(address)
        let family = withUnsafeBytes(of: sa_family_t(address.family == .v4 ? AF_INET : AF_INET6)) { Array($0) }
        let rest: [UInt8] =
            switch address.family {
            case .v4: address.bytes + [UInt8](repeating: 0, count: 8)
            case .v6: [0, 0, 0, 0] + address.bytes + [0, 0, 0, 0]
            }
        let bytes = family + word(port) + rest
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { body($0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) } ?? -1
        }
    }

    private static func port(of descriptor: Int32) throws -> UInt16 {
        var bytes = [UInt8](repeating: 0, count: 28)
        var length = socklen_t(bytes.count)
        let result = bytes.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length) } ?? -1
        }
        guard result == 0 else { throw Failed(call: "getsockname") }
        return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
}

/// Somebody with a UDP socket, asking one server.
final class DatagramAsker: Sendable {
    private let descriptor: Int32

    init(from source: String, to server: String, port: UInt16) throws {
        descriptor = try Loopback.bound(source, 0, SOCK_DGRAM)
        let descriptor = descriptor
        guard try Loopback.withName(server, port, { connect(descriptor, $0, $1) }) == 0 else { throw Loopback.Failed(call: "connect") }
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
