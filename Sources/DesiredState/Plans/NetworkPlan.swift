public import NetworkModel

/// Whether something should be in this kernel.
public enum Presence<Plan: Hashable & Sendable>: Hashable, Sendable {
    case absent
    /// Not known, for a reason: what is there stays as it is.
    case undecided(String)
    case present(Plan)

    public var plan: Plan? {
        if case .present(let plan) = self { plan } else { nil }
    }
}

/// One network's namespace, apart from its endpoints.
public struct NetworkPlan: Hashable, Sendable, Identifiable {
    public let id: NetworkID
    /// Of every device in it, in bytes.
    public var mtu: Int
    /// Addresses of the bridge, the same on every host.
    public var gateways: [InterfaceAddress]
    public var gatewayMAC: MACAddress
    /// nil for a local network.
    public var segment: Segment?
    /// The families that have a way out; none for an internal network.
    public var uplinkFamilies: [IPFamily]

    /// The VXLAN device.
    public struct Segment: Hashable, Sendable {
        public let vni: VNI
        /// UDP.
        public let port: UInt16
        /// This node's VTEP.
        public let local: IPAddress
        /// Broadcast, unknown unicast and multicast are copied to every participant.
        public let isFlooding: Bool
    }

    public var namespace: String { KernelNames.namespace(of: id) }
    /// All of the bridge's addresses: names are served at each.
    public var bridgeAddresses: [InterfaceAddress] { gateways + [.nameService] }
    public var families: [IPFamily] { IPFamily.allCases.filter { family in gateways.contains { $0.address.family == family } } }
}

extension DesiredState {
    /// The networks that have an endpoint here.
    public var localNetworks: [NetworkID] { networks.compactMap { $0.value.local.isEmpty ? nil : $0.key } }

    /// Whether a network is known to exist, here or elsewhere.
    public func isKnown(_ network: NetworkID) -> Bool { networks[network]?.record != nil }

    /// A network's plan; absent unless it has an endpoint here.
    public func plan(of network: NetworkID) -> Presence<NetworkPlan> {
        guard let view = networks[network], let record = view.record, !view.local.isEmpty else { return .absent }
        let segment: NetworkPlan.Segment?
        switch record.driver {
        case .unknown: return .undecided("network \(record.name) has a driver that this version does not know")
        case .bridge: segment = nil
        case .overlay:
            guard let own, let vni = record.vni else { return .undecided("this node's own record is not known yet") }
            segment = NetworkPlan.Segment(vni: vni, port: vxlanPort, local: own.vtep, isFlooding: record.isFlooding)
        }
        let gateways = record.subnets.compactMap { subnet in subnet.gateway.map { InterfaceAddress($0, in: subnet.pool) } }
        var plan = NetworkPlan(
            id: network, mtu: mtu(of: record), gateways: gateways, gatewayMAC: GatewayMAC.of(record), segment: segment, uplinkFamilies: [])
        if !record.isInternal { plan.uplinkFamilies = plan.families }
        return .present(plan)
    }

    /// The underlay's MTU, less what VXLAN adds.
    func mtu(of record: NetworkRecord) -> Int {
        let underlay = record.options[NetworkOption.mtu].flatMap { Int($0) } ?? own?.underlayMTU ?? 1500
        guard record.driver == .overlay, let own else { return underlay }
        return max(underlay - own.vtep.family.vxlanOverhead, 68)
    }
}

extension NetworkRecord {
    /// Whether broadcast is copied to every participant: as the option says, or where there are no subnets. Who brings addresses of their
    /// own find each other by asking, and nobody could answer in their place.
    var isFlooding: Bool { options[NetworkOption.flood].map { $0 == "true" } ?? subnets.isEmpty }
}

/// The MAC of a network's bridge: the same on every host, so that a sandbox's neighbour entry for its gateway is right on each.
enum GatewayMAC {
    static func of(_ network: NetworkRecord) -> MACAddress {
        let gateways = network.subnets.compactMap(\.gateway)
        if let mac = gateways.lazy.compactMap({ MACAddress(of: $0) }).first { return mac }
        let word = gateways.first.map { fold($0.bits) } ?? UInt64(network.id.rawValue.prefix(8), radix: 16) ?? 0
        return MACAddress(bits: 0x0242_0000_0000 | word)
    }

    /// The four words of an IPv6 address as one.
    private static func fold(_ bits: UInt128) -> UInt64 {
        let words = [96, 64, 32, 0].map { UInt32(truncatingIfNeeded: bits >> UInt128($0)) }
        return UInt64(words.reduce(0, ^))
    }
}
