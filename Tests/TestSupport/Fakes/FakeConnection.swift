import Foundation
import Glibc
import Synchronization

/// A request as a ``FakeServer`` has read it.
public struct FakeRequest: Hashable, Sendable {
    /// Everything before the empty line.
    public let head: String
    public let body: String

    /// As it came.
    public var bytes: [UInt8] { Array("\(head)\r\n\r\n\(body)".utf8) }

    /// Method and path.
    public var line: String { head.split(separator: "\r\n").first.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } ?? "" }
}

/// One connection of a ``FakeServer``. Its calls block; its server's thread makes them.
public final class FakeConnection: Sendable {
    private struct State {
        var descriptor: Int32
        var requests: [FakeRequest] = []
        var unread: [UInt8] = []
    }

    private let state: Mutex<State>
    /// poll(2)'s `POLLRDHUP`, which Swift does not see.
    private static let hasHungUp: Int16 = 0x2000

    init(_ descriptor: Int32) {
        state = Mutex(State(descriptor: descriptor))
    }

    public var requests: [FakeRequest] { state.withLock { $0.requests } }
    public var isClosed: Bool { descriptor < 0 }
    private var descriptor: Int32 { state.withLock { $0.descriptor } }

    /// Reads the next request with its body; nil if the client has closed.
    public func request() -> FakeRequest? {
        var bytes = state.withLock { $0.unread }
        while true {
            if let (request, length) = Self.parse(bytes) {
                state.withLock { state in
                    state.requests.append(request)
                    state.unread = Array(bytes.dropFirst(length))
                }
                return request
            }
            guard let more = read() else { return nil }
            bytes += more
        }
    }

    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw TestProblem("the client has closed: errno \(errno)") }
            rest = rest.dropFirst(sent)
        }
    }

    /// Sends a whole answer of JSON.
    public func answer(_ body: String, status: String = "200 OK") throws {
        try send("HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Sends one piece of an answer that was begun with `Transfer-Encoding: chunked`.
    public func sendChunk(_ text: String) throws {
        try send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    /// A connection to a server of loopback.
    public convenience init(to port: UInt16) throws {
        self.init(socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        guard withLoopbackAddress(port: port, { connect(descriptor, $0, $1) }) == 0 else {
            close()
            throw TestProblem("nobody listens on port \(port)")
        }
    }

    /// Waits until the client closes; what it sends meanwhile is lost.
    public func waitUntilClosed() {
        while read() != nil {}
    }

    /// Ends the connection as if the machine had died: with a reset.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(by: Int32(SHUT_RD))
    }

    public func close() {
        close(by: Int32(SHUT_RDWR))
    }

    private func close(by way: Int32) {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            // The socket stays until a thread that reads from it wakes up.
            shutdown(state.descriptor, way)
            Glibc.close(state.descriptor)
            state.descriptor = -1
        }
    }

    /// Ends what is sent, and goes on reading.
    public func closeSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Waits until there is something to read, or the other connection's client is gone.
    /// - Returns: whether there is something to read: the end counts.
    public func waitForBytes(unlessGone other: FakeConnection) -> Bool {
        var watched = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other.descriptor, events: Self.hasHungUp, revents: 0),
        ]
        while watched.allSatisfy({ $0.fd >= 0 }) {
            poll(&watched, nfds_t(watched.count), 1000)
            if watched[1].revents != 0 { return false }
            if watched[0].revents != 0 { return true }
            (watched[0].fd, watched[1].fd) = (descriptor, other.descriptor)
        }
        return false
    }

    /// Whether the other side has closed, or this one.
    public var isGone: Bool {
        var watched = pollfd(fd: descriptor, events: Self.hasHungUp, revents: 0)
        return watched.fd < 0 || (poll(&watched, 1, 0) > 0 && watched.revents != 0)
    }

    /// What has arrived, waiting for it; nil at the end.
    public func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private static func parse(_ bytes: [UInt8]) -> (FakeRequest, length: Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<end.lowerBound])
        let fields = head.split(separator: "\r\n").map { $0.lowercased() }
        let length = fields.first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        let start = head.utf8.count + 4
        guard bytes.count >= start + length else { return nil }
        return (FakeRequest(head: head, body: String(decoding: bytes[start..<start + length], as: UTF8.self)), start + length)
    }
}
