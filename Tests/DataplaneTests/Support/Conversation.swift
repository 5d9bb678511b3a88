import Foundation
import Glibc
import KernelNetwork
import NetworkModel

/// What a client is told.
struct Answer: Equatable {
    /// Empty if nobody answers.
    var text = ""
    /// Whether the client waited in vain, rather than being refused.
    var isSwallowed: Bool
}

/// Servers in namespaces that tell who they see, and clients that ask them.
final class Conversation {
    private struct Server {
        let descriptor: Int32
        let kind: SocketKind
        let name: String
    }

    /// After which nobody is taken to answer, where none should.
    static let bound = Duration.seconds(2)
    /// The same where somebody should, on however busy a machine.
    static let patience = Duration.seconds(30)

    /// A connection that stays open.
    struct Held {
        fileprivate let client: Process
        fileprivate let output: Pipe
        /// The server's end.
        fileprivate let descriptor: Int32
    }

    private var servers: [Server] = []
    /// Clients that keep their port, by it.
    private var senders: [UInt16: Int32] = [:]
    private var held: [Held] = []
    private var accepted: [Int32] = []
    private var isHolding = false
    private let kernel: any NetworkKernel

    init(_ kernel: any NetworkKernel) {
        self.kernel = kernel
    }

    deinit {
        for descriptor in servers.map(\.descriptor) + Array(senders.values) { close(descriptor) }
        for held in held {
            close(held.descriptor)
            kill(held.client.processIdentifier, SIGKILL)
        }
    }

    /// Answers in a namespace, by TCP and UDP, with its name and the address that it sees.
    func serve(_ name: String, at address: IPAddress, port: UInt16, in namespace: String) throws {
        for kind in [SocketKind.stream, .datagram] {
            let descriptor = try kernel.openSocket(kind, at: address, port: port, in: .named(namespace))
            servers.append(Server(descriptor: descriptor, kind: kind, name: name))
        }
    }

    /// What a UDP client with a port of its own is told that asks from a namespace; empty if nobody answers.
    func ask(_ address: IPAddress, port: UInt16, from namespace: String, by own: UInt16, within bound: Duration) throws -> String {
        let any = IPAddress(0, 0, 0, 0)
        let sender = try senders[own] ?? kernel.openSocket(.datagram, at: any, port: own, in: .named(namespace))
        senders[own] = sender
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(sender, "?", 1, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let clock = ContinuousClock()
        let deadline = clock.now + bound
        var bytes = [UInt8](repeating: 0, count: 512)
        while clock.now < deadline {
            answer()
            let count = recv(sender, &bytes, bytes.count, 0)
            if count > 0 { return String(decoding: bytes.prefix(count), as: UTF8.self) }
            // Refused.
            if count < 0, errno != EAGAIN { return "" }
        }
        return ""
    }

    /// Opens a connection from a namespace that stays.
    func hold(_ address: String, port: UInt16, from namespace: String) throws -> Held {
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        client.arguments = ["ip", "netns", "exec", namespace, "bash", "-c", "exec 3<>/dev/tcp/\(address)/\(port); exec cat <&3"]
        let output = Pipe()
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        isHolding = true
        defer { isHolding = false }
        try client.run()
        while client.isRunning, accepted.isEmpty { answer() }
        let connection = Held(client: client, output: output, descriptor: accepted.popLast() ?? -1)
        held.append(connection)
        return connection
    }

    /// Whether what the server sends arrives.
    func isAlive(_ connection: Held, within bound: Duration = patience) -> Bool {
        _ = send(connection.descriptor, "x", 1, Int32(MSG_NOSIGNAL))
        var state = pollfd(fd: connection.output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, Int32(bound.components.seconds * 1000)) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 16)
        return read(state.fd, &bytes, bytes.count) > 0
    }

    /// What a client is told that asks from a namespace, nil being the host's.
    func ask(
        _ kind: SocketKind, _ address: String, port: UInt16, from namespace: String?, within bound: Duration = bound
    ) throws -> Answer {
        let path = "/dev/\(kind == .stream ? "tcp" : "udp")/\(address)/\(port)"
        let question = kind == .stream ? "" : "echo >&3;"
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let shell = ["bash", "-c", "exec 3<>\(path); \(question) exec dd bs=512 count=1 <&3"]
        client.arguments = (namespace.map { ["ip", "netns", "exec", $0] } ?? []) + shell
        let pipe = Pipe()
        client.standardOutput = pipe
        client.standardError = FileHandle.nullDevice
        try client.run()
        let clock = ContinuousClock()
        let deadline = clock.now + bound
        var told = Answer(isSwallowed: false)
        while client.isRunning {
            answer()
            guard clock.now > deadline else { continue }
            told.isSwallowed = true
            // It is one process, and began with the signals blocked that this thread blocks.
            kill(client.processIdentifier, SIGKILL)
        }
        told.text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return told
    }

    /// Answers those who have asked within the next 20 ms.
    private func answer() {
        var polls = servers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&polls, nfds_t(polls.count), 20) > 0 else { return }
        for (server, state) in zip(servers, polls) where state.revents != 0 {
            if server.kind == .stream { accept(server) } else { reply(server) }
        }
    }

    private func accept(_ server: Server) {
        var peer = Peer()
        let descriptor = peer.withAddress { Glibc.accept(server.descriptor, $0, $1) }
        guard descriptor >= 0 else { return }
        guard !isHolding else { return accepted.append(descriptor) }
        let words = Array("\(server.name) sees \(peer)".utf8)
        _ = send(descriptor, words, words.count, Int32(MSG_NOSIGNAL))
        close(descriptor)
    }

    private func reply(_ server: Server) {
        var peer = Peer()
        var byte = [UInt8](repeating: 0, count: 16)
        guard peer.withAddress({ recvfrom(server.descriptor, &byte, byte.count, 0, $0, $1) }) >= 0 else { return }
        let words = Array("\(server.name) sees \(peer)".utf8)
        _ = peer.withAddress { sendto(server.descriptor, words, words.count, 0, $0, $1.pointee) }
    }
}

/// The other end of a socket.
private struct Peer: CustomStringConvertible {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    mutating func withAddress<Result>(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result) -> Result {
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    var description: String {
        var copy = self
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let failed = copy.withAddress { getnameinfo($0, $1.pointee, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) }
        return failed == 0 ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "nobody"
    }
}
