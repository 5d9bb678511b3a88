import DaemonKit
import Hummingbird
import HummingbirdCore
import Logging
import NetworkModel
import SecureServing

/// Makes the controller's servers: unix sockets for a group, TCP for clients with certificates.
struct Listening {
    private let certificates: ServerCertificates?
    private let group: SocketGroup?
    private let ports: DaemonPorts

    /// - Throws: if the files cannot be used.
    init(_ options: ControllerOptions, _ ports: DaemonPorts) throws {
        certificates =
            if case .certificates(let files) = options.tcp { try ServerCertificates(files, logger: ports.logger) } else { nil }
        group = options.group
        self.ports = ports
    }

    func server<Responder: HTTPResponder>(_ responder: Responder, at address: ListenAddress) -> APIServer<Responder>
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        APIServer(responder, at: address, for: group, as: form(at: address), clock: ports.clock, logger: ports.logger)
    }

    private func form(at address: ListenAddress) -> HTTPServerBuilder {
        guard address.isTCP else { return .http1() }
        if let certificates { return .secure(certificates, logger: ports.logger) }
        ports.logger.warning(
            "TCP without TLS: whoever reaches this address controls the cluster", metadata: ["address": "\(address)"])
        return .http1()
    }
}
