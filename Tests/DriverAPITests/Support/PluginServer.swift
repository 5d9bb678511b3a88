import DriverAPI
import Hummingbird
import Logging
import PluginClient
import TestSupport

/// Serves a canned driver on a unix socket while `body` calls it as an engine does.
///
/// Time stands still unless a test moves it: no call runs into its bound because the machine is busy.
func withPlugin<Result: Sendable>(
    _ driver: CannedDriver, clock: ManualClock = ManualClock(),
    _ body: @escaping @Sendable (inout EngineConnection) async throws -> Result
) async throws -> Result {
    let folder = try TemporaryFolder()
    let path = folder.file("skein.sock")
    let (starts, started) = AsyncStream<Void>.makeStream()
    let application = Application(
        router: DriverRoutes(networks: driver, addresses: driver, clock: clock).router(),
        configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)), onServerRunning: { _ in started.yield() },
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await application.run()
            return nil
        }
        group.addTask {
            for await _ in starts { return try await withConnection(to: path, body) }
            return nil
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw TestProblem("the plugin ended")
    }
}
