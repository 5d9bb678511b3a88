import DesiredState
import KernelNetwork
import NetworkModel

extension ObjectPlan {
    /// A network's namespace, without the ports of its endpoints.
    /// - Parameter uplink: nil for a network without a way out.
    init(_ plan: NetworkPlan, uplink: UplinkAddresses?, ports: PortPlan) {
        own(by: plan.id.rawValue)
        for family in plan.families { set(Self.forwarding(family), to: "1") }
        if plan.families.contains(.v6) { setUpIPv6() }
        add(
            LinkSpec(
                name: KernelNames.bridge, kind: .bridge, mac: plan.gatewayMAC, mtu: plan.mtu, alias: plan.id.rawValue))
        for address in plan.bridgeAddresses { add(address, to: KernelNames.bridge) }
        if let segment = plan.segment { add(segment, of: plan) }
        if let uplink { add(uplink, of: plan, ports) }
    }

    private mutating func add(_ segment: NetworkPlan.Segment, of plan: NetworkPlan) {
        add(
            LinkSpec(
                name: KernelNames.vxlan, kind: .vxlan(segment.vni, port: segment.port, local: segment.local), mtu: plan.mtu,
                master: KernelNames.bridge, alias: plan.id.rawValue))
        set(BridgePortFlags(learning: false, flooding: segment.isFlooding, neighbourSuppression: true), of: KernelNames.vxlan)
    }

    private mutating func add(_ uplink: UplinkAddresses, of plan: NetworkPlan, _ ports: PortPlan) {
        // Down until the host has its settings for it.
        let peer = VethPeer(
            name: KernelNames.hostUplink(of: plan.id), namespace: .host, mtu: plan.mtu, alias: plan.id.rawValue, isUp: false)
        add(LinkSpec(name: KernelNames.uplink, kind: .veth(peer: peer), mtu: plan.mtu, alias: plan.id.rawValue))
        for family in plan.uplinkFamilies {
            add(uplink.network(family), to: KernelNames.uplink)
            addDefaultRoute(by: uplink.host(family).address, over: KernelNames.uplink)
        }
        set(PacketRules(masqueradeOut: [KernelNames.uplink], translations: ports.onNetwork(uplink)))
    }

    /// A sandbox's namespace; the devices in it are made from the networks' side.
    init(_ plan: SandboxPlan) {
        own(by: plan.id.rawValue)
        if plan.hasIPv6 { setUpIPv6() }
        for attachment in plan.attachments {
            expect(attachment.peer)
            guard let device = attachment.device else { continue }
            for address in device.addresses { add(address, to: device.interface) }
        }
        for route in plan.defaultRoutes { addDefaultRoute(by: route.gateway, over: route.interface) }
    }

    /// The host's end of a network's uplink.
    mutating func addHostEnd(of plan: NetworkPlan, _ uplink: UplinkAddresses, _ ports: PortPlan) {
        let name = KernelNames.hostUplink(of: plan.id)
        expect(VethPeer(name: name, namespace: .host, mtu: plan.mtu, alias: plan.id.rawValue))
        for family in plan.uplinkFamilies {
            add(uplink.host(family), to: name)
            set(Self.forwarding(family), to: "1")
        }
        // Else the host could ask for no neighbour on it for two seconds (lesson 20).
        if plan.uplinkFamilies.contains(.v6) { set("net/ipv6/conf/\(name)/accept_dad", to: "0") }
        // The rules guard what that lets in, and are written before.
        if ports.hasLoopback { set("net/ipv4/conf/\(name)/route_localnet", to: "1") }
        let uplinks: Set<String> = [KernelNames.hostUplinks]
        var all = PacketRules(acceptForwarding: uplinks, isolate: uplinks, masqueradeFrom: uplinks, translateInto: uplinks)
        all.translations = (rules?.translations ?? [:]).merging(ports.onHost(uplink)) { first, _ in first }
        set(all)
    }

    /// Before a device is made. Addresses come from the catalog: nobody else has them, and no router may add one.
    private mutating func setUpIPv6() {
        set("net/ipv6/conf/default/accept_dad", to: "0")
        set("net/ipv6/conf/default/accept_ra", to: "0")
    }

    private static func forwarding(_ family: IPFamily) -> String {
        family == .v4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding"
    }
}

extension AttachmentPlan {
    /// The end that is not a port. An engine's is down on the host, so that the kernel puts no address on it.
    var peer: VethPeer {
        switch place {
        case .sandbox(let device):
            VethPeer(name: device.interface, namespace: .named(device.namespace), mac: mac, mtu: mtu, alias: id.rawValue)
        case .engine:
            VethPeer(name: KernelNames.engineDevice(of: id), namespace: .host, mac: mac, mtu: mtu, alias: id.rawValue, isUp: false)
        }
    }

    /// The pair, made in the network's namespace.
    var spec: LinkSpec {
        LinkSpec(name: port, kind: .veth(peer: peer), mtu: mtu, master: KernelNames.bridge, alias: id.rawValue)
    }
}
