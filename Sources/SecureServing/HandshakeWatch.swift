import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Waits behind TLS for the end of the handshake, tells why it failed, and gives it up when it takes too long.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let doorstep: Doorstep
    private let logger: Logger
    private var timeout: Scheduled<Void>?
    private var hasFailed = false

    /// A peer that nobody knows may not hold a descriptor for longer.
    private static let patience = TimeAmount.seconds(10)

    init(_ doorstep: Doorstep, logger: Logger) {
        self.doorstep = doorstep
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: Self.patience) {
            let (watch, context) = bound.value
            watch.fail(context, "it did not finish the handshake in time")
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        timeout = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            context.pipeline.syncOperations.removeHandler(doorstep, promise: nil)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// TLS closes the connection itself: nobody behind has anything to do about it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, HandshakeCause(error).sentence)
    }

    private func fail(_ context: ChannelHandlerContext, _ cause: String) {
        guard !hasFailed, !doorstep.hasRefused else { return }
        hasFailed = true
        logger.log(
            // A look whether the port is open, as load balancers take, is no event.
            level: doorstep.hasSpoken ? .warning : .debug, "refused a client",
            metadata: ["peer": "\(context.channel.peer)", "cause": "\(cause)"])
    }
}

extension Channel {
    /// The address of the other side.
    var peer: String {
        guard let address = remoteAddress, let host = address.ipAddress else { return "unknown" }
        return host.contains(":") ? "[\(host)]:\(address.port ?? 0)" : "\(host):\(address.port ?? 0)"
    }
}
