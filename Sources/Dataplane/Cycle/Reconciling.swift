import DesiredState
import KernelNetwork
import Logging
import NetworkModel

/// One pass: each item that is in progress goes through the same steps, and leaves at the first that fails.
extension Dataplane {
    func reconcile() async {
        each { try learn($0) }
        await closeLostSites()
        checkOtherEnds()
        await removeNetworks()
        each { item in
            if case .leftover(let name) = item { try removeLeftover(name) }
            if case .network(let id) = item, let network = networks[id] { try deleteLinks(of: network) }
        }
        each { item in if case .sandbox(let id) = item { try prepareSandbox(id) } }
        each { item in if case .host = item { try host.writeSettings(to: kernel) } }
        each { item in if case .network(let id) = item { try writeNetwork(id) } }
        each { item in
            if case .host = item {
                try host.writeDeviceSettings(to: kernel)
                try write(host)
            }
            if case .sandbox(let id) = item, let sandbox = sandboxes[id] { try write(sandbox.space) }
        }
        await openSites()
        await openHostSite()
    }

    // MARK: Outcomes

    /// Does a step for each item that has not failed yet.
    private func each(_ step: (Item) throws -> Void) {
        for item in inProgress where !failed.contains(item) {
            do { try step(item) } catch { note(error, of: item) }
        }
    }

    /// A failure: the item stays due, and is tried again after a while that grows and is never the same for two.
    func note(_ error: any Error, of item: Item) {
        failed.insert(item)
        var trouble = troubles[item] ?? Trouble(reason: error, until: .zero)
        let isNews = trouble.attempts == 0 || "\(trouble.reason)" != "\(error)"
        trouble.attempts += 1
        trouble.reason = error
        let delay = min(options.retryDelay * (1 << min(trouble.attempts - 1, 16)), options.retryBound)
        trouble.until = now() + delay / 2 + delay * Double(randomness.next() % 1024) / 1024
        troubles[item] = trouble
        space(of: item)?.doubt()
        if isNews {
            logger.warning("cannot bring the kernel to the plan yet", metadata: ["item": "\(item)", "cause": "\(trouble.message)"])
        }
    }

    func recovered(_ item: Item) {
        guard let trouble = troubles.removeValue(forKey: item) else { return }
        logger.info("the kernel is as planned again", metadata: ["item": "\(item)", "attempts": "\(trouble.attempts)"])
        if case .network(let id) = item { wakeSandboxes(of: id) }
    }

    /// Takes an item into this pass.
    func involve(_ item: Item) {
        if space(of: item)?.isKnown == true { inProgress.insert(item) } else { due.insert(item) }
    }

    // MARK: What is there

    private func learn(_ item: Item) throws(KernelError) {
        guard let space = space(of: item), !space.isKnown else { return }
        if case .named(let name) = space.place, !namespacesThere.contains(name) { return space.assumeEmpty() }
        try watch(item, space.place)
        do throws(KernelError) {
            try space.learn(from: kernel)
        } catch  where error.code == .noSuchNamespace {
            // Somebody deleted it.
            if case .named(let name) = space.place { namespacesThere.remove(name) }
            monitors.end(item)
            space.assumeEmpty()
        }
        if case .network(let id) = item { networks[id]?.setFlooding(of: desired) }
        learned.insert(item)
        monitors.looked(at: item, wasRight: !space.isInSync, at: now())
    }

    private func watch(_ item: Item, _ place: KernelNamespace) throws(KernelError) {
        if case .sandbox = item { return }
        guard !monitors.has(item) else { return }
        do throws(KernelError) {
            monitors.add(item, try kernel.changes(in: place))
        } catch  where error.code == .noSuchNamespace {
        }
    }

    // MARK: Writing

    /// Makes the namespace if it is not there.
    func make(_ space: ManagedNamespace) throws(KernelError) {
        guard case .named(let name) = space.place, !space.exists else { return }
        try kernel.createNamespace(name)
        namespacesThere.insert(name)
        space.exists = true
    }

    private func writeNetwork(_ id: NetworkID) throws {
        guard let network = networks[id] else { return }
        if let reason = network.undecided { throw DataplaneError(.unavailable, reason) }
        guard network.plan != nil else { return }
        try checkOwner(of: network)
        try make(network.space)
        try watch(.network(id), network.space.place)
        try network.space.writeSettings(to: kernel)
        try write(network.space)
    }

    private func checkOwner(of network: LocalNetwork) throws(DataplaneError) {
        guard let owner = network.space.owner, owner != network.id.rawValue else { return }
        throw DataplaneError(
            .conflict,
            "the namespace \(network.namespace) belongs to \(owner) and not to network \(network.id.short): delete it, or that network")
    }

    /// Writes what a namespace lacks, and looks again when a device had to be repaired.
    private func write(_ space: ManagedNamespace) throws {
        guard space.exists else { return }
        for _ in 0..<3 {
            let batch = NamespaceBatch(space) { isReady($0) }
            try apply(batch, to: space)
            guard batch.isRepair else {
                if let blocked = batch.blocked { throw DataplaneError(.unavailable, blocked) }
                return
            }
            try space.learn(from: kernel)
        }
    }

    private func isReady(_ place: KernelNamespace) -> Bool {
        item(at: place).map { $0.space.exists && $0.space.isKnown } ?? false
    }

    private func apply(_ batch: NamespaceBatch, to space: ManagedNamespace) throws {
        do {
            let failures = batch.changes.isEmpty ? [] : try kernel.apply(batch.changes, in: space.place)
            let refused = try noteRefusedPairs(failures, in: batch)
            batch.settle(space)
            for peer in batch.gone { item(at: peer.namespace)?.space.noteGone(peer) }
            let others = (batch.gone + batch.made).filter { !refused.contains($0.namespace) }
            for peer in batch.made where !refused.contains(peer.namespace) { item(at: peer.namespace)?.space.noteMade(peer) }
            for peer in others { if let (item, _) = item(at: peer.namespace) { involve(item) } }
            // What a pair that was refused left is not known.
            if !refused.isEmpty, case .network(let id) = space.ownership { doubt(.network(id)) }
        } catch {
            space.doubt()
            for peer in batch.gone + batch.made { if let (item, _) = item(at: peer.namespace) { doubt(item) } }
            throw error
        }
    }

    private func deleteLinks(of network: LocalNetwork) throws {
        guard network.space.exists, network.space.isKnown, network.undecided == nil else { return }
        try apply(NamespaceBatch(deletingLinksOf: network.space), to: network.space)
    }
}
