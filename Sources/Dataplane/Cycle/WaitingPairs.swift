import DesiredState
import KernelNetwork
import NetworkModel

/// Pairs need both namespaces in one pass. One whose sandbox is not available stays due with the sandbox, and holds up nothing else of
/// its network.
extension Dataplane {
    /// A network without its uplink, or without a container engine's pair, needs the host in the same pass, even if that waits to be
    /// tried again.
    func involveHost() {
        guard !host.isKnown else { return }
        for case .network(let id) in inProgress where networks[id]?.lacksPairWithHost == true { inProgress.insert(.host) }
    }

    /// A sandbox became available: networks in which it lacks a device go on with this pass. One that fails has a time of its own.
    func involveNetworks(of sandbox: LocalSandbox) {
        for attachment in sandbox.plan?.attachments ?? [] {
            guard let network = networks[attachment.network], network.lacks(attachment.port), troubles[.network(network.id)] == nil
            else { continue }
            involve(.network(network.id))
        }
    }

    /// A network became available: sandboxes that lack a device of it are tried at once.
    func wakeSandboxes(of network: NetworkID) {
        guard let network = networks[network] else { return }
        for attachment in network.attachments.values where network.lacks(attachment.port) {
            if let device = attachment.device { makeDue(.sandbox(device.sandbox)) }
        }
    }

    /// Takes what the kernel refused as the failures of sandboxes.
    /// - Returns: the sandboxes' namespaces.
    /// - Throws: the first failure that is not about a sandbox's pair: that is the network's.
    func noteRefusedPairs(_ failures: [KernelFailure], in batch: NamespaceBatch) throws(KernelError) -> Set<KernelNamespace> {
        var refused: [(place: KernelNamespace, sandbox: Item, reason: KernelError)] = []
        for failure in failures {
            guard let peer = batch.peer(at: failure.index), case (.sandbox(let id), _)? = item(at: peer.namespace) else {
                throw failure.error
            }
            refused.append((peer.namespace, .sandbox(id), failure.error))
        }
        for (_, sandbox, reason) in refused { note(reason, of: sandbox) }
        return Set(refused.map(\.place))
    }
}
