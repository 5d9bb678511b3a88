import DesiredState
import KernelNetwork
import Logging
import NetworkModel

/// At the start and now and then: what is there, what of it is ours, and what of that nothing plans any more.
extension Dataplane {
    func adopt() {
        do {
            let folders = try files.namespaces()
            namespacesThere = try kernel.namespaces()
            let isFirst = !isAdopted
            if isFirst { try adoptUplinks() }
            isVerifyDue = false
            timers.verify = now() + options.verifyInterval
            timers.rules = now() + options.rulesInterval
            // At first nothing is known, and all of it is read anyway.
            if !isFirst { chores.setVerify(networks.keys.map { .network($0) } + sandboxes.keys.map { .sandbox($0) } + [.host]) }
            for name in namespacesThere.union(folders) where isLeftover(name) { makeDue(.leftover(name)) }
        } catch {
            note(error, of: .host)
            timers.verify = troubles[.host]?.until
        }
    }

    /// The links that networks have already stay theirs: before anything is planned.
    private func adoptUplinks() throws(KernelError) {
        let state = try kernel.dump(.host)
        for entry in state.addresses.sorted(by: { $0.address.address < $1.address.address }) {
            guard let addresses = UplinkAddresses(of: entry.address.address) else { continue }
            let link = state.links[entry.link]
            if let link, Ownership.host.includes(link, isPlanned: false), let network = link.alias.flatMap({ try? NetworkID($0) }) {
                uplinks.adopt(addresses, for: network)
            } else {
                uplinks.reserve(entry.address.address)
            }
        }
        isAdopted = true
        replanAll()
    }

    private func isLeftover(_ name: String) -> Bool {
        if let digits = KernelNames.networkDigits(inNamespace: name) { return !networks.keys.contains { $0.short == digits } }
        return KernelNames.isSandboxNamespace(name) && sandboxOfNamespace[name] == nil
    }

    /// Removes what an earlier life left, if it shows that it is ours.
    func removeLeftover(_ name: String) throws {
        guard isLeftover(name) else { return }
        let isThere = namespacesThere.contains(name)
        let state = isThere ? try kernel.dump(.named(name)) : KernelState()
        if let digits = KernelNames.networkDigits(inNamespace: name) {
            guard isThere, Leftover.isNetwork(state, digits: digits) else { return }
            return try delete(namespace: name, links: Leftover.linksToDelete(state))
        }
        guard Leftover.isSandbox(state, files: try files.files(of: name)) else { return }
        if isThere { try delete(namespace: name, links: Leftover.linksToDelete(state)) }
        try files.remove(name)
    }

    /// Deletes a namespace: first its devices, so that their names and other ends are free when this returns.
    func delete(namespace name: String, links: [String]) throws(KernelError) {
        // What fails here goes with the namespace, a little later.
        if !links.isEmpty { _ = try? kernel.apply(links.map { .deleteLink($0) }, in: .named(name)) }
        try kernel.deleteNamespace(name)
        namespacesThere.remove(name)
        logger.info("removed a namespace", metadata: ["namespace": "\(name)"])
    }
}
