public import NetworkModel

/// One endpoint of this node: a pair of devices, one a port of the network's bridge, the other in the sandbox.
public struct AttachmentPlan: Hashable, Sendable, Identifiable {
    public let id: EndpointID
    public let network: NetworkID
    public let sandbox: SandboxID
    public let sandboxNamespace: String
    /// The device in the sandbox, such as `eth0`.
    public let interface: String
    public let mac: MACAddress
    /// In bytes.
    public let mtu: Int
    public let addresses: [InterfaceAddress]
    /// The gateways of its addresses' subnets.
    public let gateways: [IPAddress]
    /// Whether its gateways lead out of the network.
    public let hasWayOut: Bool

    public var port: String { KernelNames.port(of: id) }
}

extension DesiredState {
    /// The endpoints of this node in a network.
    public func localEndpoints(of network: NetworkID) -> [EndpointID] { networks[network].map { Array($0.local.keys) } ?? [] }

    /// The network and the sandbox of one of this node's endpoints, or nil.
    public func home(of endpoint: EndpointID) -> (network: NetworkID, sandbox: SandboxID)? {
        networks.lazy.compactMap { id, view in view.local[endpoint].map { (id, $0.sandbox) } }.first
    }

    /// The networks that one of this node's sandboxes is on.
    public func networks(of sandbox: SandboxID) -> Set<NetworkID> { Set((memberships[sandbox] ?? []).map(\.network)) }

    /// An endpoint's plan, or nil while its network or its sandbox is not known, or if it is not of this node.
    public func attachment(_ endpoint: EndpointID, of network: NetworkID) -> AttachmentPlan? {
        guard let view = networks[network], let record = view.record, let endpoint = view.local[endpoint],
            let sandbox = sandboxes[endpoint.sandbox], sandbox.kind == .native, plan(of: network).plan != nil
        else { return nil }
        let subnets = endpoint.addresses.map { address in (address, record.subnet(of: address)) }
        return AttachmentPlan(
            id: endpoint.id, network: network, sandbox: sandbox.id, sandboxNamespace: KernelNames.namespace(ofSandbox: sandbox.name),
            interface: endpoint.interface, mac: endpoint.mac, mtu: mtu(of: record),
            addresses: subnets.map { address, subnet in
                subnet.map { InterfaceAddress(address, in: $0.pool) }
                    ?? InterfaceAddress(address, in: Subnet(containing: address, prefixLength: address.family.width))
            },
            gateways: subnets.compactMap { $0.1?.gateway }, hasWayOut: !record.isInternal)
    }
}
