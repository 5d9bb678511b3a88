import DesiredState
import KernelNetwork
import NetworkModel

/// Both ends of a pair or none: an end without the other is removed, and the pair made anew from the network's side. The far end of a
/// container engine's pair is in its container most of the time: wherever it is, it is there while the port is.
extension Dataplane {
    /// Looks at the pairs of the namespaces that were read in this pass.
    func checkOtherEnds() {
        for item in learned {
            switch item {
            case .host: checkOtherEndsOnHost()
            case .network(let id):
                guard let network = networks[id] else { continue }
                for attachment in network.attachments.values { check(attachment, of: network) }
                if let uplink = network.uplink { check(uplink, of: network) }
            case .sandbox(let id):
                for attachment in sandboxes[id]?.plan?.attachments ?? [] {
                    if let network = networks[attachment.network] { check(attachment, of: network) }
                }
            case .hostSite, .leftover: break
            }
        }
    }

    private func checkOtherEndsOnHost() {
        for network in networks.values {
            for attachment in network.attachments.values where attachment.place == .engine { check(attachment, of: network) }
            if let uplink = network.uplink { check(uplink, of: network) }
        }
    }

    private func check(_ attachment: AttachmentPlan, of network: LocalNetwork) {
        check(attachment.spec, of: network, mayLackFarEnd: attachment.place == .engine)
    }

    private func check(_ pair: LinkSpec, of network: LocalNetwork, mayLackFarEnd: Bool = false) {
        let object = KernelObject.link(pair.name)
        guard case .veth(let peer) = pair.kind, let (item, other) = item(at: peer.namespace), other.isKnown, network.space.isKnown
        else { return }
        let isHere = network.space.objects.actual(at: object) != nil
        guard isHere != other.has(peer), !(isHere && mayLackFarEnd) else { return }
        if isHere {
            network.space.objects.setActual(.brokenLink, at: object)
        } else {
            removeFarEnd(peer, in: other, as: item)
        }
        involve(.network(network.id))
    }

    /// The network's namespace lost its name and lives on, because something is open in it: the pairs that lead there have the names of
    /// those that are to be made.
    private func removeFarEnd(_ peer: VethPeer, in other: ManagedNamespace, as item: Item) {
        do {
            if let failure = try kernel.apply([.deleteLink(peer.name)], in: other.place).first { throw failure.error }
            other.noteGone(peer)
            involve(item)
        } catch {
            note(error, of: item)
        }
    }
}
