import DesiredState
import KernelNetwork
import NetworkModel

/// The steps that make or remove whole namespaces, and those of the network's sites.
extension Dataplane {
    // MARK: Networks

    func removeNetworks() async {
        for case .network(let id) in inProgress where !failed.contains(.network(id)) {
            guard let network = networks[id], network.isGoing else { continue }
            await sites.networkGoes(id)
            network.readyAddresses = nil
            do { try remove(network) } catch { note(error, of: .network(id)) }
        }
    }

    private func remove(_ network: LocalNetwork) throws(KernelError) {
        // Meanwhile an endpoint may have come.
        guard network.isGoing else { return makeDue(.network(network.id)) }
        monitors.end(.network(network.id))
        if namespacesThere.contains(network.namespace) {
            try delete(namespace: network.namespace, links: network.space.linksToDelete)
        }
        for attachment in network.pairs {
            guard case .veth(let peer) = attachment.kind, let (item, space) = item(at: peer.namespace) else { continue }
            space.noteGone(peer)
            makeDue(item)
        }
        networks[network.id] = nil
        uplinks.release(network.id)
        replanHost()
    }

    /// Somebody deleted the namespace: it lives on under no name, with its VNI, for as long as sockets are open in it.
    func closeLostSites() async {
        for case .network(let id) in inProgress {
            guard let network = networks[id], !network.space.exists, network.readyAddresses != nil else { continue }
            await sites.networkGoes(id)
            network.readyAddresses = nil
        }
    }

    func openSites() async {
        for case .network(let id) in inProgress where !failed.contains(.network(id)) {
            guard let network = networks[id], let plan = network.plan else { continue }
            let addresses = plan.bridgeAddresses.map(\.address)
            guard network.readyAddresses != addresses else { continue }
            do {
                try await sites.networkIsReady(id, in: network.space.place, at: addresses)
                network.readyAddresses = addresses
            } catch {
                note(error, of: .network(id))
            }
        }
    }

    /// Behind the host's address. What fails is tried again by itself: the host's own work does not wait for a port.
    func openHostSite() async {
        guard inProgress.contains(.hostSite), !isHostSiteOpen else { return }
        do {
            try await sites.hostIsReady(at: .nameService)
            isHostSiteOpen = true
        } catch {
            note(error, of: .hostSite)
        }
    }

    // MARK: Sandboxes

    func prepareSandbox(_ id: SandboxID) throws {
        guard let sandbox = sandboxes[id] else { return }
        if let reason = sandbox.undecided { throw DataplaneError(.unavailable, reason) }
        guard let plan = sandbox.plan else { return try remove(sandbox) }
        let current = try sandbox.files ?? files.files(of: sandbox.namespace)
        try claim(sandbox, files: current)
        // Files first: they say whose a namespace is that was left unfinished.
        if current != plan.files {
            sandbox.files = nil
            try files.write(plan.files, for: sandbox.namespace)
        }
        sandbox.files = plan.files
        try make(sandbox.space)
        try sandbox.space.writeSettings(to: kernel)
        involveNetworks(of: sandbox)
    }

    /// Makes sure that a namespace of the sandbox's name is the sandbox's.
    private func claim(_ sandbox: LocalSandbox, files: [String: String]) throws {
        guard sandbox.space.exists else { return }
        let owner = sandbox.space.owner.flatMap { try? SandboxID($0) } ?? Leftover.owner(of: files)
        guard owner != sandbox.id else { return }
        guard owner != nil else {
            throw DataplaneError(
                .conflict,
                "the namespace \(sandbox.namespace) is there and is not Skein's: remove it with ip netns delete \(sandbox.namespace)")
        }
        // An earlier sandbox's of the same name.
        try delete(namespace: sandbox.namespace, links: sandbox.space.linksToDelete)
        sandbox.space.assumeEmpty()
    }

    private func remove(_ sandbox: LocalSandbox) throws {
        // A later sandbox of the same name replaces it.
        if sandboxOfNamespace[sandbox.namespace] == sandbox.id {
            if namespacesThere.contains(sandbox.namespace), try isOwn(sandbox) {
                try delete(namespace: sandbox.namespace, links: sandbox.space.linksToDelete)
            }
            try files.remove(sandbox.namespace)
            sandboxOfNamespace[sandbox.namespace] = nil
        }
        sandboxes[sandbox.id] = nil
    }

    private func isOwn(_ sandbox: LocalSandbox) throws -> Bool {
        let owner = sandbox.space.owner.flatMap { try? SandboxID($0) }
        return try owner == sandbox.id || Leftover.owner(of: files.files(of: sandbox.namespace)) == sandbox.id
    }
}

extension ManagedNamespace {
    /// Devices with another end, or a VNI: they go before their namespace does.
    var linksToDelete: [String] {
        objects.actual.compactMap { object, state in
            guard case .link(let name) = object else { return nil }
            guard case .link(let shape) = state else { return name }
            switch shape.kind {
            case .veth, .vxlan: return name
            case .bridge, .loopback, .other: return nil
            }
        }.sorted()
    }
}
