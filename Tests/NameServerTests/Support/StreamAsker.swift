import NIOCore
import NIOPosix

/// Somebody with a TCP connection: messages behind their lengths, by hand.
struct StreamAsker: ~Copyable {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread: [UInt8] = []

    init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    static func framed(_ message: [UInt8]) -> [UInt8] { word(UInt16(message.count)) + message }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Says that nothing more will be asked.
    func finish() {
        outbound.finish()
    }

    /// Waits until the server closes the connection, be it in the middle of what is sent.
    mutating func isClosed() async -> Bool {
        do { return try await receive() == nil } catch { return true }
    }

    /// The next message, or nil when the server has closed the connection.
    mutating func receive() async throws -> [UInt8]? {
        while unread.count < 2 || unread.count < 2 + Int(unread[0]) << 8 + Int(unread[1]) {
            guard let buffer = try await inbound.next() else { return nil }
            unread += Array(buffer.readableBytesView)
        }
        let length = Int(unread[0]) << 8 + Int(unread[1])
        defer { unread.removeFirst(2 + length) }
        return Array(unread[2..<2 + length])
    }
}

func withStream<Result: Sendable>(
    from source: String, to server: String, port: UInt16, _ body: (inout StreamAsker) async throws -> Result
) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .bind(to: SocketAddress(ipAddress: source, port: 0))
        .connect(to: SocketAddress(ipAddress: server, port: Int(port))) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        var asker = StreamAsker(inbound: inbound, outbound: outbound)
        return try await body(&asker)
    }
}
