public import HummingbirdCore
public import Logging
import NIOCore
import NIOSSL

extension HTTPServerBuilder {
    /// HTTP/1.1 over TLS with clients' certificates.
    ///
    /// - Parameters:
    ///   - certificates: the server's files; each new connection gets what is in them then.
    ///   - logger: is told of each handshake that fails.
    public static func secure(_ certificates: ServerCertificates, logger: Logger) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            HTTP1Channel(responder: responder).secured(by: certificates, logger)
        }
    }
}

extension ServerChildChannel {
    fileprivate func secured(by certificates: ServerCertificates, _ logger: Logger) -> any ServerChildChannel {
        SecureChannel(base: self, certificates: certificates, reports: logger)
    }
}

/// A connection whose bytes are those of TLS.
struct SecureChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificates: ServerCertificates
    let reports: Logger

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            let doorstep = Doorstep(logger: reports)
            try channel.pipeline.syncOperations.addHandlers([
                doorstep, NIOSSLServerHandler(context: certificates.current()), HandshakeWatch(doorstep, logger: reports),
            ])
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
