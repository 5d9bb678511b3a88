import Logging
import NetworkModel
import ServiceLifecycle

/// Sandboxes whose creation failed and could not be undone, since the store did not answer: they are removed as soon as it does.
///
/// Kept in memory only: after a crash such a sandbox is one like any other, shown, and removed by hand.
struct Leftovers: Service {
    private let remove: @Sendable (SandboxRecord) async throws -> Void
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let sandboxes: AsyncStream<SandboxRecord>

    private static let retryInterval = Duration.seconds(1)

    init(
        _ sandboxes: AsyncStream<SandboxRecord>, clock: any Clock<Duration>, logger: Logger,
        remove: @escaping @Sendable (SandboxRecord) async throws -> Void
    ) {
        self.sandboxes = sandboxes
        self.clock = clock
        self.logger = logger
        self.remove = remove
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await sandbox in sandboxes {
                while !Task.isCancelled, await !tryToRemove(sandbox) { try? await clock.sleep(for: Self.retryInterval) }
            }
        }
    }

    private func tryToRemove(_ sandbox: SandboxRecord) async -> Bool {
        do {
            try await remove(sandbox)
            logger.notice("removed what a failed creation had left", metadata: ["sandbox": "\(sandbox.name)"])
            return true
        } catch {
            return false
        }
    }
}
