import NetworkModel
import ServiceLifecycle

/// Frees now and then what an engine has asked for and never used.
struct EngineUpkeep: Service {
    let addresses: EngineAddresses
    let ports: EnginePorts
    let adoption: Adoption
    let clock: any Clock<Duration>
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await adoption.finished()
            while !Task.isCancelled {
                await addresses.tidy()
                await ports.tidy()
                try? await clock.sleep(for: interval)
            }
        }
    }
}
