import DesiredState
import KernelNetwork
import NetworkModel

/// From the view's changes to what should be in each namespace: as much work as there are changes.
extension Dataplane {
    func replan(_ touched: Touched) {
        for id in touched.networks { replanNetwork(id) }
        for (network, endpoints) in touched.attachments {
            for endpoint in endpoints { replanAttachment(endpoint, of: network) }
        }
        for id in touched.sandboxes { replanSandbox(id) }
        for (id, entries) in touched.entries {
            guard let network = networks[id], network.plan != nil else { continue }
            network.setEntries(entries, of: desired)
            if network.idleUntil == nil, !network.space.isInSync { makeDue(.network(id)) }
        }
    }

    /// Everything, once the host is known.
    func replanAll() {
        for id in desired.localNetworks { replanNetwork(id) }
        for id in desired.nativeSandboxes { replanSandbox(id) }
        replanHost()
        if options.servesHost { makeDue(.hostSite) }
    }

    func makeDue(_ item: Item) {
        due.insert(item)
        wake()
    }

    /// What is known of an item may be wrong.
    func doubt(_ item: Item) {
        space(of: item)?.doubt()
        makeDue(item)
    }

    func space(of item: Item) -> ManagedNamespace? {
        switch item {
        case .host: host
        case .network(let id): networks[id]?.space
        case .sandbox(let id): sandboxes[id]?.space
        case .hostSite, .leftover: nil
        }
    }

    /// The namespace at a place, with the item that it belongs to.
    func item(at place: KernelNamespace) -> (item: Item, space: ManagedNamespace)? {
        switch place {
        case .host: (.host, host)
        case .named(let name): sandboxOfNamespace[name].flatMap { id in sandboxes[id].map { (.sandbox(id), $0.space) } }
        case .path: nil
        }
    }

    // MARK: Networks

    private func replanNetwork(_ id: NetworkID) {
        switch desired.plan(of: id) {
        case .present(let plan): setPlan(plan)
        case .undecided(let reason):
            local(id).undecided = reason
            for endpoint in desired.localEndpoints(of: id) { replanEngineDevice(of: endpoint, of: id) }
        case .absent:
            guard let network = networks[id] else { return }
            network.undecided = nil
            if desired.isKnown(id), options.linger > .zero, network.plan != nil {
                network.idleUntil = network.idleUntil ?? now() + options.linger
            } else {
                // A removed network's VNI may be the next one's: its device goes at once.
                dismiss(network)
            }
        }
        makeDue(.network(id))
    }

    private func local(_ id: NetworkID) -> LocalNetwork {
        if let network = networks[id] { return network }
        let network = LocalNetwork(id, exists: namespacesThere.contains(KernelNames.namespace(of: id)))
        networks[id] = network
        return network
    }

    private func setPlan(_ plan: NetworkPlan) {
        let network = local(plan.id)
        let isNews = network.plan != plan || network.idleUntil != nil
        network.undecided = nil
        network.idleUntil = nil
        guard isNews else { return }
        network.plan = plan
        planPorts(of: network, plan)
        setObjects(of: network, plan)
        network.setEntries(desired.entries(of: plan.id), of: desired)
        for endpoint in desired.localEndpoints(of: plan.id) { replanAttachment(endpoint, of: plan.id) }
    }

    /// What is in its namespace besides endpoints, and its end on the host.
    func setObjects(of network: LocalNetwork, _ plan: NetworkPlan) {
        let uplink = plan.uplinkFamilies.isEmpty ? nil : uplinks.link(of: plan.id)
        network.space.setPlan(ObjectPlan(plan, uplink: uplink, ports: network.ports))
        replanHost()
    }

    /// Has a network's namespace removed.
    func dismiss(_ network: LocalNetwork) {
        network.plan = nil
        network.idleUntil = nil
        makeDue(.network(network.id))
    }

    private func replanAttachment(_ endpoint: EndpointID, of id: NetworkID) {
        replanEngineDevice(of: endpoint, of: id)
        guard let network = networks[id] else { return }
        network.set(desired.attachment(endpoint, of: id), for: endpoint)
        if published.has(endpoint) { replanPorts(of: id) }
        makeDue(.network(id))
    }

    /// On the host an engine's device is what the engine makes of it, for as long as its endpoint is known; and goes then.
    private func replanEngineDevice(of endpoint: EndpointID, of id: NetworkID) {
        let device = KernelNames.engineDevice(of: endpoint)
        if desired.mayHaveEngineDevice(endpoint, of: id) { return host.leave(link: device) }
        host.unwant(link: device)
        if host.objects.pending.contains(.link(device)) { makeDue(.host) }
    }

    /// The host's ends of the uplinks of all networks here, and its own name service.
    func replanHost() {
        var plan = ObjectPlan()
        if options.servesHost { plan.add(.nameService, to: ObjectPlan.loopback) }
        for network in networks.values.sorted(by: { $0.id.rawValue < $1.id.rawValue }) {
            guard let networkPlan = network.plan, !networkPlan.uplinkFamilies.isEmpty, let uplink = uplinks.link(of: network.id) else {
                continue
            }
            plan.addHostEnd(of: networkPlan, uplink, network.ports)
        }
        host.setPlan(plan)
        if !host.isInSync { makeDue(.host) }
    }

    // MARK: Sandboxes

    private func replanSandbox(_ id: SandboxID) {
        guard let namespace = desired.namespace(of: id) else {
            guard let sandbox = sandboxes[id] else { return }
            sandbox.plan = nil
            sandbox.undecided = nil
            return makeDue(.sandbox(id))
        }
        let sandbox = local(id, namespace)
        switch desired.sandboxPlan(of: id) {
        case .absent: return
        case .undecided(let reason): sandbox.undecided = reason
        case .present(let plan):
            guard sandbox.plan != plan || sandbox.undecided != nil else { return }
            sandbox.undecided = nil
            sandbox.plan = plan
            sandbox.space.setPlan(ObjectPlan(plan))
        }
        makeDue(.sandbox(id))
    }

    private func local(_ id: SandboxID, _ namespace: String) -> LocalSandbox {
        let sandbox = sandboxes[id] ?? LocalSandbox(id, namespace: namespace, exists: namespacesThere.contains(namespace))
        sandboxes[id] = sandbox
        sandboxOfNamespace[namespace] = id
        return sandbox
    }
}
