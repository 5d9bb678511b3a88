public import NetworkModel

/// Neighbours and forwarding entries, one by one: a network has many.
extension DesiredState {
    /// Everything that a network has entries for.
    public func entries(of network: NetworkID) -> TouchedEntries {
        var entries = networks[network]?.allEntries ?? TouchedEntries()
        entries.participants = true
        return entries
    }

    /// The bridge's neighbour at an address.
    public func neighbour(at address: IPAddress, in network: NetworkID) -> Wish<MACAddress> {
        guard let view = networks[network] else { return .nothing }
        guard let (mac, place) = view.winner(of: view.addresses.claimants(of: address), vteps: vteps) else { return .nothing }
        return place == .unknown ? .anything : .value(mac)
    }

    /// The VTEP that a MAC is behind; nothing for one of this node's own.
    public func forwarding(to mac: MACAddress, in network: NetworkID) -> Wish<IPAddress> {
        guard let view = networks[network], view.record?.driver == .overlay,
            let (_, place) = view.winner(of: view.macs.claimants(of: mac), vteps: vteps)
        else { return .nothing }
        switch place {
        case .here: return .nothing
        case .unknown: return .anything
        case .behind(let vtep): return isReachable(vtep) ? .value(vtep) : .nothing
        }
    }

    /// The VTEPs that broadcast is copied to, and whether there may be more that are not known at present.
    public func flooding(in network: NetworkID) -> (vteps: Set<IPAddress>, isComplete: Bool) {
        guard let view = networks[network], view.record?.options[NetworkOption.flood] == "true" else { return ([], true) }
        let known = view.participants.keys.compactMap { vteps[$0] }
        return (Set(known.filter(isReachable)), known.count == view.participants.count)
    }

    /// A VXLAN device sends over one family.
    private func isReachable(_ vtep: IPAddress) -> Bool { vtep.family == own?.vtep.family }
}
