import DaemonKit
import DesiredState
import KernelNetwork
import Logging
import NameServer
import NetworkModel
import ServiceLifecycle

/// Lets a worker that is started while the store is away answer the names that its earlier life knew (lesson 10), and keeps them for the next.
///
/// It opens the names' sockets in namespaces that are there, and changes nothing else: what the kernel should have is decided when the store has been
/// read.
struct NameMemory: Service {
    let file: DurableFile
    let mirror: ScopeMirror
    let nameServer: NameServer
    let sockets: NameSockets
    let kernel: any NetworkKernel
    let pause: Pause
    let clock: any Clock<Duration>
    let logger: Logger

    /// How long after a write the next may come: at least so long, and so many times as long as the write took.
    struct Pause: Sendable {
        var least = Duration.seconds(1)
        var rarity = 50
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await revive()
            await mirror.synchronised()
            await keep()
        }
    }

    // MARK: What was

    private func revive() async {
        guard let remembered = RememberedView.read(file), !remembered.endpoints.isEmpty else { return }
        await mirror.hasFirstWord()
        guard await !mirror.isInSync, !Task.isCancelled else { return }
        nameServer.apply(remembered.changes)
        logger.notice(
            "answering the names that were last known, until the store answers", metadata: ["endpoints": "\(remembered.endpoints.count)"])
        await openSockets(remembered.networks)
        await mirror.synchronised()
        guard !Task.isCancelled else { return }
        await mirror.withdraw(remembered)
    }

    private func openSockets(_ networks: [NetworkRecord]) async {
        let there = await blocking { try? kernel.namespaces() } ?? []
        for network in networks {
            let name = KernelNames.namespace(of: network.id)
            guard there.contains(name) else { continue }
            do {
                let addresses = network.subnets.compactMap(\.gateway) + [IPAddress.nameService]
                try await sockets.networkIsReady(network.id, in: .named(name), at: addresses)
            } catch {
                logger.warning("cannot answer names yet", metadata: ["network": "\(network.name)", "cause": "\(error)"])
            }
        }
    }

    // MARK: What is

    private func keep() async {
        var last: RememberedView?
        for await _ in await mirror.wakes(on: Self.concernsNames) {
            let time = clock.stopwatch()
            let view = RememberedView(await mirror.view)
            if view != last {
                do {
                    try await blocking { Result { try view.write(to: file) } }.get()
                    last = view
                } catch {
                    logger.warning("cannot keep the names for a start without the store", metadata: ["cause": "\(error)"])
                }
            }
            guard (try? await clock.sleep(for: max(pause.least, time() * pause.rarity))) != nil else { return }
        }
    }

    private static func concernsNames(_ change: ViewChange) -> Bool {
        switch change {
        case .node, .network, .endpoint: true
        case .sandbox: false
        }
    }
}
