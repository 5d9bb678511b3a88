import Logging
import NIOCore

/// Stands before TLS until the handshake is done.
///
/// Who speaks plain HTTP is told so in plain HTTP, and an alert of TLS is heard before the connection is closed: closed at once, with bytes
/// that nobody has read, it would be reset, and the peer would lose what it has not read either (RFC 1122 section 4.2.2.13).
final class Doorstep: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let logger: Logger
    /// Whether the peer has sent anything.
    private(set) var hasSpoken = false
    /// Whether it was turned away before TLS saw a byte.
    private(set) var hasRefused = false
    private var isClosing = false

    /// The first byte of a connection of TLS: a record of its handshake (RFC 8446 section 5.1).
    private static let handshakeRecord: UInt8 = 22
    /// How long a peer that is turned away may take to hang up.
    private static let patience = TimeAmount.seconds(1)

    init(logger: Logger) {
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        if !hasSpoken {
            let bytes = unwrapInboundIn(data)
            hasSpoken = true
            guard bytes.getInteger(at: bytes.readerIndex) == Self.handshakeRecord else { return refuse(context) }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard isClosing else { return context.fireChannelReadComplete() }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isClosing, case .inputClosed = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Says good-bye, and closes when the peer has.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, hasSpoken, !isClosing else { return context.close(mode: mode, promise: promise) }
        isClosing = true
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let limit = context.eventLoop.scheduleTask(in: Self.patience) { bound.value.close(promise: nil) }
        context.channel.closeFuture.whenComplete { _ in limit.cancel() }
        context.channel.closeFuture.cascade(to: promise)
        context.read()
    }

    private func refuse(_ context: ChannelHandlerContext) {
        hasRefused = true
        logger.warning("refused a client", metadata: ["peer": "\(context.channel.peer)", "cause": "it does not speak TLS"])
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: nil)
        close(context: context, mode: .all, promise: nil)
    }

    /// The words of Go's servers, which people know, in Docker's form of an error.
    private static var answer: String {
        let body = "{\"message\":\"client sent an HTTP request to an HTTPS server: it asks for TLS with a client's certificate\"}\n"
        return "HTTP/1.0 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n" + body
    }
}
