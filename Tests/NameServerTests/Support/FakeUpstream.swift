import Glibc
import NIOCore
import NIOPosix
import NameServer
import NetworkModel
import Synchronization

import struct NameServer.Resolver

/// A fake recursive resolver on loopback: it says what a test wants, over UDP and TCP.
final class FakeUpstream: Sendable {
    enum Transport: Sendable {
        case datagram
        case stream
    }

    /// What to do with a query.
    enum Action: Sendable {
        case answer([UInt8])
        /// The same from another port, as a forger would.
        case forge([UInt8])
        case answerLater([UInt8], TimeAmount)
        case hangUp
    }

    typealias Behaviour = @Sendable (_ query: [UInt8], _ transport: Transport) -> [Action]

    let resolver: Resolver
    private let asked = Mutex<[(query: [UInt8], transport: Transport)]>([])
    private let behaviour: Behaviour
    private let channels = Mutex<[any Channel]>([])

    /// The queries that came, in their order.
    var queries: [[UInt8]] { asked.withLock { $0.map(\.query) } }
    var transports: [Transport] { asked.withLock { $0.map(\.transport) } }

    private init(resolver: Resolver, behaviour: @escaping Behaviour) {
        self.resolver = resolver
        self.behaviour = behaviour
    }

    /// - Parameter address: of its own, since the server under test knows its own by their addresses.
    static func start(_ address: String = "127.9.0.1", _ behaviour: @escaping Behaviour) async throws -> FakeUpstream {
        let pair = try Loopback.pair(address)
        let upstream = FakeUpstream(resolver: Resolver(address: try IPAddress(address), port: pair.port), behaviour: behaviour)
        let group = MultiThreadedEventLoopGroup.singleton
        let datagrams = try await DatagramBootstrap(group: group).channelInitializer { channel in
            channel.pipeline.addHandler(DatagramHandler(upstream))
        }.withBoundSocket(pair.datagram).get()
        let stream = try await ServerBootstrap(group: group).childChannelInitializer { channel in
            channel.pipeline.addHandler(StreamHandler(upstream))
        }.withBoundSocket(pair.stream).get()
        upstream.channels.withLock { $0 = [datagrams, stream] }
        return upstream
    }

    func stop() async {
        for channel in channels.withLock({ $0 }) { try? await channel.close() }
    }

    fileprivate func actions(for query: [UInt8], _ transport: Transport) -> [Action] {
        asked.withLock { $0.append((query, transport)) }
        return behaviour(query, transport)
    }

    private final class DatagramHandler: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        private let upstream: FakeUpstream

        init(_ upstream: FakeUpstream) {
            self.upstream = upstream
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            let (channel, peer) = (context.channel, envelope.remoteAddress)
            for action in upstream.actions(for: Array(envelope.data.readableBytesView), .datagram) {
                switch action {
                case .answer(let bytes): Self.send(bytes, to: peer, on: channel)
                case .answerLater(let bytes, let delay):
                    channel.eventLoop.scheduleTask(in: delay) { Self.send(bytes, to: peer, on: channel) }
                case .forge(let bytes):
                    DatagramBootstrap(group: channel.eventLoop).bind(to: channel.localAddress.flatMap { try? Self.another($0) } ?? peer)
                        .whenSuccess { Self.send(bytes, to: peer, on: $0) }
                case .hangUp: break
                }
            }
        }

        private static func another(_ address: SocketAddress) throws -> SocketAddress {
            try SocketAddress(ipAddress: address.ipAddress ?? "127.9.0.1", port: 0)
        }

        private static func send(_ bytes: [UInt8], to peer: SocketAddress, on channel: any Channel) {
            channel.writeAndFlush(AddressedEnvelope(remoteAddress: peer, data: ByteBuffer(bytes: bytes)), promise: nil)
        }
    }

    private final class StreamHandler: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let upstream: FakeUpstream
        private let unread = Mutex<[UInt8]>([])

        init(_ upstream: FakeUpstream) {
            self.upstream = upstream
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            let query = unread.withLock { unread -> [UInt8]? in
                unread += bytes
                guard unread.count >= 2, unread.count >= 2 + Int(unread[0]) << 8 + Int(unread[1]) else { return nil }
                return Array(unread.dropFirst(2))
            }
            guard let query else { return }
            let channel = context.channel
            for action in upstream.actions(for: query, .stream) {
                switch action {
                case .answer(let bytes), .forge(let bytes):
                    channel.writeAndFlush(ByteBuffer(bytes: StreamAsker.framed(bytes)), promise: nil)
                case .answerLater(let bytes, let delay):
                    channel.eventLoop.scheduleTask(in: delay) {
                        channel.writeAndFlush(ByteBuffer(bytes: StreamAsker.framed(bytes)), promise: nil)
                    }
                case .hangUp: channel.close(promise: nil)
                }
            }
        }
    }
}

extension FakeUpstream {
    /// A reply to a query: its header and question, and an address for each of `addresses`.
    static func reply(to query: [UInt8], code: UInt8 = 0, addresses: [String] = [], isTruncated: Bool = false) -> [UInt8] {
        var end = 12
        while end < query.count, query[end] != 0 { end += 1 + Int(query[end]) }
        let question = Array(query.prefix(end + 5))
        let flags: [UInt8] = [0x81 | (isTruncated ? 0x02 : 0), 0x80 | code]
        let counts: [UInt8] = word(1) + word(UInt16(addresses.count)) + word(0) + word(0)
        var bytes: [UInt8] = Array(question.prefix(2)) + flags + counts + Array(question.dropFirst(12))
        for address in addresses {
            bytes += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]
            bytes += address.split(separator: ".").map { UInt8($0) ?? 0 }
        }
        return bytes
    }

    /// One that knows an address for every name.
    static func honest(_ address: String = "127.9.0.1", saying answers: String...) async throws -> FakeUpstream {
        try await start(address) { query, _ in [.answer(reply(to: query, addresses: answers))] }
    }

    /// One that never says anything.
    static func silent(_ address: String) async throws -> FakeUpstream {
        try await start(address) { _, _ in [] }
    }

    /// One that refuses, or fails, or knows that there is no such name.
    static func saying(code: UInt8, at address: String) async throws -> FakeUpstream {
        try await start(address) { query, _ in [.answer(reply(to: query, code: code))] }
    }

    /// A port that nobody listens at.
    static func dead(_ address: String) throws -> Resolver {
        let pair = try Loopback.pair(address)
        close(pair.datagram)
        close(pair.stream)
        return Resolver(address: try IPAddress(address), port: pair.port)
    }
}
