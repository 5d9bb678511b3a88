import Dataplane
import NameServer
import NetworkModel
import ServiceLifecycle

/// Hands what the mirrors tell to the data plane and to the names, in one order.
///
/// Nothing reaches the kernel before both mirrors are in sync: a view that is half known would make leftovers of what is in use.
struct NewsConsumer: Service {
    let news: AsyncStream<ScopeMirror.News>
    /// How many mirrors feed the stream.
    let mirrors: Int
    let dataplane: Dataplane
    let nameServer: NameServer
    /// What the data plane has to be told before it begins.
    let prepare: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await prepare()
            var early: [ViewChange] = []
            var missing = mirrors
            for await item in news {
                switch item {
                case .changes(let changes):
                    nameServer.apply(changes)
                    if missing > 0 { early += changes } else { await dataplane.update(changes) }
                case .network(let network, let isInSync):
                    nameServer.setInSync(isInSync, network)
                case .inSync:
                    missing -= 1
                    if missing == 0 {
                        await dataplane.start(with: early)
                        early = []
                    }
                case .mark(let reached):
                    reached.finish()
                }
            }
        }
    }
}
