import Dispatch
import Foundation
import Synchronization

/// The network between the members of a cluster on loopback, from which any member can be parted.
///
/// A relay before a member's port could not part it: a member of etcd sends by connections that it opens as well as by those that
/// others open to it, and the former end at the others' ports, where nothing tells who has opened them. So each member opens them by a
/// SOCKS proxy of its own, and to addresses that lead nowhere without it: none goes past it.
public final class PeerNetwork: Sendable {
    private let passages = Passages()
    private let proxies: [FakeServer]

    public init(of count: Int) throws {
        proxies = try (0..<count).map { [passages] member in
            try FakeServer { try SocksSession($0, of: member, passages).run() }
        }
    }

    /// Breaks all connections between a member and the others, and refuses new ones; clients still reach it.
    public func part(_ member: Int) {
        passages.part(member)
    }

    /// All members reach each other again.
    public func mend() {
        passages.mend()
    }

    /// By what a member must connect, as Go's `HTTP_PROXY` has it.
    func proxy(of member: Int) -> String { "socks5://127.0.0.1:\(proxies[member].port)" }

    /// A member's host, as the others must call it.
    func host(of member: Int) -> String { (SocksSession.hosts + [UInt8(member)]).map(String.init).joined(separator: ".") }
}

/// The connections between members, and who has none at present.
private final class Passages: Sendable {
    struct Passage {
        let members: Set<Int>
        let ends: [FakeConnection]
    }

    private struct State {
        var parted: Set<Int> = []
        var open: [Passage] = []
    }

    private let state = Mutex(State())

    /// - Returns: whether the members reach each other.
    func open(_ passage: Passage) -> Bool {
        state.withLock { state in
            guard state.parted.isDisjoint(with: passage.members) else { return false }
            state.open.removeAll { $0.ends.contains(where: \.isClosed) }
            state.open.append(passage)
            return true
        }
    }

    func part(_ member: Int) {
        state.withLock { state in
            state.parted.insert(member)
            for passage in state.open where passage.members.contains(member) {
                for end in passage.ends { end.reset() }
            }
        }
    }

    func mend() {
        state.withLock { $0.parted = [] }
    }
}

/// A connection that a member opens to another: RFC 1928, as far as Go's HTTP client speaks it.
private struct SocksSession {
    /// The first bytes of all members' addresses: a network for documentation (RFC 5737), whose hosts do not exist.
    static let hosts: [UInt8] = [192, 0, 2]

    private let client: FakeConnection
    private let member: Int
    private let passages: Passages

    init(_ client: FakeConnection, of member: Int, _ passages: Passages) {
        (self.client, self.member, self.passages) = (client, member, passages)
    }

    func run() throws {
        let destination = try destination()
        let server = try FakeConnection(to: destination.port)
        defer { server.close() }
        let members: Set = [member, destination.member]
        guard passages.open(Passages.Passage(members: members, ends: [client, server])) else { return try answer(.notAllowed) }
        try answer(.succeeded)
        passBothWays(to: server)
    }

    private func destination() throws -> (member: Int, port: UInt16) {
        // Version 5, one method: no authentication.
        let greeting: [UInt8] = [5, 1, 0]
        guard try message(of: greeting.count) == greeting else { throw TestProblem("no SOCKS client, or one with a password") }
        try client.send([5, 0])
        // Version 5, connect, reserved, an IPv4 address and a port.
        let head = [5, 1, 0, 1] + Self.hosts
        let request = try message(of: head.count + 3)
        guard request.starts(with: head) else { throw TestProblem("no address of a member: \(request)") }
        return (Int(request[7]), UInt16(request[8]) << 8 | UInt16(request[9]))
    }

    private enum Answer: UInt8 {
        case succeeded = 0
        case notAllowed = 2
    }

    private func answer(_ answer: Answer) throws {
        // With the address that the proxy connects from, which nobody needs.
        try client.send([5, answer.rawValue, 0, 1] + [UInt8](repeating: 0, count: 6))
    }

    /// The client sends nothing after a message until it has the answer, so what arrives is that message.
    private func message(of length: Int) throws -> [UInt8] {
        var message: [UInt8] = []
        while message.count < length {
            guard let bytes = client.read() else { throw TestProblem("the client is gone") }
            message += bytes
        }
        return message
    }

    private func passBothWays(to server: FakeConnection) {
        let answered = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [client] in
            Self.pass(from: server, to: client)
            answered.signal()
        }
        Self.pass(from: client, to: server)
        answered.wait()
    }

    private static func pass(from sender: FakeConnection, to receiver: FakeConnection) {
        while let bytes = sender.read(), (try? receiver.send(bytes)) != nil {}
        receiver.closeSending()
    }
}
