import Foundation
import Glibc
import Synchronization

/// A fake of an HTTP server, for faults: each connection is served by hand on a thread of its own. Dropping it closes all.
public final class FakeServer: Sendable {
    public enum Place: Sendable {
        case loopback
        case unix(String)
    }

    /// 0 on a unix socket.
    public let port: UInt16
    private let place: Place
    /// Nil when it listens no more: the number may be another socket's then.
    private let listening: Mutex<Int32?>
    private let connections = Mutex<[FakeConnection]>([])

    public init(on place: Place = .loopback, _ serve: @escaping @Sendable (FakeConnection) throws -> Void) throws {
        self.place = place
        let (descriptor, port) = try Self.listener(on: place)
        self.port = port
        listening = Mutex(descriptor)
        Thread.detachNewThread { [weak self] in
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else { break }
                // A process that a test starts must not hold the connection open.
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                let connection = FakeConnection(accepted)
                self?.connections.withLock { $0.append(connection) }
                Thread.detachNewThread {
                    try? serve(connection)
                    connection.close()
                }
            }
            self?.stopListening()
            Glibc.close(descriptor)
        }
    }

    /// One that answers a request at a time, on whatever connection it comes, and takes a while for each.
    public static func inTurn(_ answer: String, status: String = "200 OK", each seconds: Double) throws -> FakeServer {
        let turn = Mutex(())
        return try FakeServer { connection in
            while connection.request() != nil {
                turn.withLock { _ in Thread.sleep(forTimeInterval: seconds) }
                try connection.answer(answer, status: status)
            }
        }
    }

    deinit {
        stopListening()
        if case .unix(let path) = place { unlink(path) }
        for connection in connections.withLock({ $0 }) { connection.close() }
    }

    /// How many connections there were.
    public var connectionCount: Int { connections.withLock { $0.count } }
    /// Whether no connection is open.
    public var isClosed: Bool { openConnections == 0 }
    public var openConnections: Int { connections.withLock { $0 }.count { !$0.isClosed } }
    /// All requests so far, of all connections.
    public var requests: [FakeRequest] { connections.withLock { $0 }.flatMap(\.requests) }

    /// Refuses new connections.
    public func stopListening() {
        listening.withLock { descriptor in
            // The thread that accepts closes it.
            if let descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
            descriptor = nil
        }
    }

    /// Breaks the connections that there are.
    public func breakConnections() {
        for connection in connections.withLock({ $0 }) { connection.reset() }
    }

    private static func listener(on place: Place) throws -> (descriptor: Int32, port: UInt16) {
        switch place {
        case .loopback: try loopbackListener()
        case .unix(let path): (try unixListener(path), 0)
        }
    }

    private static func loopbackListener() throws -> (descriptor: Int32, port: UInt16) {
        let (descriptor, port) = try boundSocket()
        guard listen(descriptor, 1024) == 0 else { throw TestProblem("cannot listen on 127.0.0.1: errno \(errno)") }
        return (descriptor, port)
    }

    /// A socket with a port of loopback that nobody else gets; until it listens, it refuses.
    ///
    /// - Parameter isReserving: whether a program that asks for just this port gets it, as every server does that sets `SO_REUSEADDR`.
    static func boundSocket(isReserving: Bool = false) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var reuse: Int32 = isReserving ? 1 : 0
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout.size(ofValue: reuse)))
        guard withLoopbackAddress(port: 0, { bind(descriptor, $0, $1) }) == 0 else {
            throw TestProblem("cannot bind a port of 127.0.0.1: errno \(errno)")
        }
        var bound = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return (descriptor, UInt16(bigEndian: bound.sin_port))
    }

    private static func unixListener(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        unlink(path)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(descriptor, 1024) == 0 else { throw TestProblem("cannot listen on \(path): errno \(errno)") }
        return descriptor
    }
}
