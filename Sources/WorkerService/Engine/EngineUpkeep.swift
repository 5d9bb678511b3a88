import NetworkModel
import ServiceLifecycle

/// Frees now and then what an engine has asked for and never used.
struct EngineUpkeep: Service {
    let addresses: EngineAddresses
    let ports: EnginePorts
    let nameRoutes: NameRoutes
    let view: EngineView
    let adoption: Adoption
    let clock: any Clock<Duration>
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await adoption.finished()
            while !Task.isCancelled {
                await addresses.tidy()
                await ports.tidy()
                await forgetRoutes()
                try? await clock.sleep(for: interval)
            }
        }
    }

    /// What cannot be written now is found again the next time.
    private func forgetRoutes() async {
        for endpoint in await nameRoutes.endpoints where await view.global.mirror.ownEndpoint(endpoint) == nil {
            try? await nameRoutes.forget(endpoint)
        }
    }
}
