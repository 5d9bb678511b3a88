import ClusterCatalog
import Logging
import NetworkModel
import ServiceLifecycle

/// Makes an empty store a catalog as soon as it answers, and ends the controller if a newer version wrote it.
///
/// A store that does not answer is no reason to end: what a client asks is answered with that cause meanwhile.
struct CatalogOpening: Service {
    let catalog: ClusterCatalog
    let clock: any Clock<Duration>
    let logger: Logger

    private static let retryInterval = Duration.seconds(1)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var lastFault: String?
            while !Task.isCancelled {
                do throws(CatalogError) {
                    try await catalog.open()
                    break
                } catch {
                    guard error.code != .newerFormat else { throw error }
                    if lastFault != error.message {
                        logger.warning("the cluster store does not answer yet", metadata: ["cause": "\(error)"])
                    }
                    lastFault = error.message
                    try? await clock.sleep(for: Self.retryInterval)
                }
            }
            try? await gracefulShutdown()
        }
    }
}
