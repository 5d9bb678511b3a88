import NIOCore
import NetworkModel

/// One TCP connection: any number of queries, answered as soon as they can be and not in their order (RFC 7766 section 6.2.1.1).
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: StreamService
    private let peer: IPAddress
    /// How many questions of this connection are being forwarded.
    private var underWay = 0
    /// The asker has sent its last query and waits for what is under way.
    private var isInputClosed = false

    init(service: StreamService, peer: IPAddress) {
        self.service = service
        self.peer = peer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch service.respond(to: unwrapInboundIn(data), from: peer) {
        case .reply(let message): context.write(wrapOutboundOut(MessageFraming.frame(message)), promise: nil)
        case .forward(let question): forward(question, context: context)
        case .ignore: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    private func forward(_ question: ForwardedQuery.Question, context: ChannelHandlerContext) {
        underWay += 1
        let (loop, channel) = (context.eventLoop, context.channel)
        let connection = NIOLoopBound(self, eventLoop: loop)
        service.forward(
            ForwardedQuery(question: question) { reply in
                loop.execute { connection.value.finish(reply, on: channel) }
            })
    }

    private func finish(_ reply: [UInt8], on channel: any Channel) {
        underWay -= 1
        channel.writeAndFlush(MessageFraming.frame(reply), promise: nil)
        closeIfDone(channel)
    }

    private func closeIfDone(_ channel: any Channel) {
        if isInputClosed, underWay == 0 { channel.close(promise: nil) }
    }

    /// An asker that does not read its answers is not read from either.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is IdleStateHandler.IdleStateEvent: context.close(promise: nil)
        case ChannelEvent.inputClosed:
            isInputClosed = true
            context.flush()
            closeIfDone(context.channel)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        service.leave(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
