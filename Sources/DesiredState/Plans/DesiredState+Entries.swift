public import NetworkModel

/// Neighbours and forwarding entries, one by one: a network has many.
extension DesiredState {
    /// Everything that a network has entries for.
    public func entries(of network: NetworkID) -> TouchedEntries {
        var entries = networks[network]?.allEntries ?? TouchedEntries()
        entries.participants = true
        return entries
    }

    /// What should be at each of some entries: the bridge's neighbours, and the VTEPs that MACs are behind.
    public func look(
        up entries: TouchedEntries, in network: NetworkID, neighbour: (IPAddress, Wish<MACAddress>) -> Void,
        forwarding: (MACAddress, Wish<IPAddress>) -> Void
    ) {
        guard let view = networks[network] else {
            for address in entries.addresses { neighbour(address, .nothing) }
            for mac in entries.macs { forwarding(mac, .nothing) }
            return
        }
        var known = KnownVTEPs(vteps)
        for address in entries.addresses { neighbour(address, wish(for: view.holder(of: address, &known))) }
        let isOverlay = view.record?.driver == .overlay
        for mac in entries.macs { forwarding(mac, isOverlay ? wish(forVTEPOf: view.holder(of: mac, &known)) : .nothing) }
    }

    private func wish(for holder: NetworkView.Holder?) -> Wish<MACAddress> {
        guard let holder else { return .nothing }
        return holder.place == .unknown ? .anything : .value(holder.mac)
    }

    /// Nothing for one of this node's own.
    private func wish(forVTEPOf holder: NetworkView.Holder?) -> Wish<IPAddress> {
        switch holder?.place {
        case nil, .here: .nothing
        case .unknown: .anything
        case .behind(let vtep): isReachable(vtep) ? .value(vtep) : .nothing
        }
    }

    /// The bridge's neighbour at an address.
    public func neighbour(at address: IPAddress, in network: NetworkID) -> Wish<MACAddress> {
        var known = KnownVTEPs(vteps)
        return wish(for: networks[network]?.holder(of: address, &known))
    }

    /// The VTEP that a MAC is behind.
    public func forwarding(to mac: MACAddress, in network: NetworkID) -> Wish<IPAddress> {
        var wish = Wish<IPAddress>.nothing
        look(up: TouchedEntries(macs: [mac]), in: network, neighbour: { _, _ in }, forwarding: { wish = $1 })
        return wish
    }

    /// The VTEPs that broadcast is copied to, and whether there may be more that are not known at present.
    public func flooding(in network: NetworkID) -> (vteps: Set<IPAddress>, isComplete: Bool) {
        guard let view = networks[network], view.record?.isFlooding == true else { return ([], true) }
        let known = view.participants.keys.compactMap { vteps[$0] }
        return (Set(known.filter(isReachable)), known.count == view.participants.count)
    }

    /// A VXLAN device sends over one family.
    private func isReachable(_ vtep: IPAddress) -> Bool { vtep.family == own?.vtep.family }
}
