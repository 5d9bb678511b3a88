import Glibc
import NIOCore
import NIOPosix
import NetworkModel

/// Serves TCP on a bound socket of a site.
enum StreamListener {
    /// How many connections may wait to be accepted.
    private static let backlog: Int32 = 128

    /// - Parameter descriptor: owned from here on; closed with the channel, also after a failure.
    static func open(
        _ descriptor: Int32, of site: NameSite, on loop: any EventLoop, zone: SharedZone, options: NameServerOptions,
        forward: @escaping @Sendable (ForwardedQuery) -> Void
    ) async throws -> any Channel {
        let service: NIOLoopBound<StreamService>
        do {
            service = try await loop.submit {
                NIOLoopBound(try StreamService(site: site, zone: zone, options: options, forward: forward), eventLoop: loop)
            }.get()
        } catch {
            close(descriptor)
            throw error
        }
        let channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, service: service.value, options: options) }
            }
            .withBoundSocket(descriptor).get()
        channel.closeFuture.whenComplete { _ in service.value.closeAll() }
        return channel
    }

    private static func configure(_ channel: any Channel, service: StreamService, options: NameServerOptions) throws {
        guard let peer = channel.remoteAddress?.ipAddress.flatMap({ try? IPAddress($0) }), service.admit(channel) else {
            return channel.close(promise: nil)
        }
        try channel.pipeline.syncOperations.addHandlers(
            IdleStateHandler(allTimeout: TimeAmount(options.connectionIdleTimeout)),
            ByteToMessageHandler(MessageFraming()),
            StreamConnection(service: service, peer: peer))
    }
}
