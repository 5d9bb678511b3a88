import NIOCore
import NIOPosix
import NetworkModel

/// Upstreams over sockets of the host's namespace, a new one for each exchange.
struct SocketUpstreams: Upstreams {
    let group: any EventLoopGroup
    /// How long a resolver has to take a TCP connection.
    let connectTimeout: TimeAmount

    func exchange(
        _ message: [UInt8], with resolver: Resolver, over transport: Responder.Transport,
        accept: @escaping @Sendable ([UInt8]) -> UpstreamReply?
    ) async -> UpstreamReply? {
        do {
            let address = try SocketAddress(ipAddress: resolver.address.description, port: Int(resolver.port))
            return switch transport {
            case .datagram: try await exchangeDatagrams(message, with: address, accept: accept)
            case .stream: try await exchangeOverStream(message, with: address, accept: accept)
            }
        } catch {
            // Unreachable, refused or reset: the race goes on with the next resolver.
            return nil
        }
    }

    private typealias Datagrams = NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>>

    /// The socket is connected: the kernel takes replies from this resolver's address and port only, and tells when it is not there.
    private func exchangeDatagrams(
        _ message: [UInt8], with address: SocketAddress, accept: @escaping @Sendable ([UInt8]) -> UpstreamReply?
    ) async throws -> UpstreamReply? {
        let channel = try await DatagramBootstrap(group: group)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Int(UInt16.max)))
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture { try Datagrams(wrappingChannelSynchronously: channel) }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: message)))
            for try await envelope in inbound {
                if let reply = accept([UInt8](envelope.data.readableBytesView)) { return reply }
            }
            return nil
        }
    }

    private func exchangeOverStream(
        _ message: [UInt8], with address: SocketAddress, accept: @escaping @Sendable ([UInt8]) -> UpstreamReply?
    ) async throws -> UpstreamReply? {
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(connectTimeout)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(MessageFraming()))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(MessageFraming.frame(message))
            for try await buffer in inbound {
                if let reply = accept([UInt8](buffer.readableBytesView)) { return reply }
            }
            return nil
        }
    }
}
