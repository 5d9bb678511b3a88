import Logging
import NetworkModel
public import ServiceLifecycle

/// Says in the log, at the start and each day, which certificates of a daemon are to be renewed.
public struct ExpiryWatch: Service {
    private let certificates: [OwnCertificate]
    private let clock: any Clock<Duration>
    private let time: any WallTime
    private let logger: Logger

    private static let day = Duration.seconds(86_400)

    public init(of certificates: [OwnCertificate], _ ports: DaemonPorts) {
        // Clients and the store may be shown the same.
        self.certificates = certificates.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        (clock, time, logger) = (ports.clock, ports.time, ports.logger)
    }

    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for certificate in certificates { tell(certificate) }
                try await clock.sleep(for: Self.day)
            }
        }
    }

    /// What cannot be used, or not yet, is told by whoever uses it.
    private func tell(_ certificate: OwnCertificate) {
        switch certificate.state(at: time.now()) {
        case .valid, .early, .unusable: break
        case .nearEnd(let day): logger.warning("the certificate ends soon: \(OwnCertificate.advice)", metadata: metadata(certificate, day))
        case .ended(let day): logger.error("the certificate has ended: \(OwnCertificate.advice)", metadata: metadata(certificate, day))
        }
    }

    private func metadata(_ certificate: OwnCertificate, _ day: String) -> Logger.Metadata {
        ["file": "\(certificate.path)", "last-day": "\(day)"]
    }
}
