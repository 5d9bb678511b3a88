public import NetworkModel

/// One endpoint of this node: a pair of devices, one a port of the network's bridge, the other where its place says.
public struct AttachmentPlan: Hashable, Sendable, Identifiable {
    public let id: EndpointID
    public let network: NetworkID
    public let mac: MACAddress
    /// In bytes.
    public let mtu: Int
    public let place: Place

    /// Where the other end is, and who looks after it there.
    public enum Place: Hashable, Sendable {
        /// In a namespace that Skein made, and everything on it is Skein's.
        case sandbox(SandboxDevice)
        /// Made in the host's namespace, from where a container engine takes it: what becomes of it there is the engine's.
        case engine
    }

    public var port: String { KernelNames.port(of: id) }

    /// nil for an endpoint of a container engine.
    public var device: SandboxDevice? {
        if case .sandbox(let device) = place { device } else { nil }
    }
}

/// An endpoint's device in its sandbox, and what is on it.
public struct SandboxDevice: Hashable, Sendable {
    public let sandbox: SandboxID
    public let namespace: String
    /// Such as `eth0`.
    public let interface: String
    public let addresses: [InterfaceAddress]
    /// The gateways of its addresses' subnets.
    public let gateways: [IPAddress]
    /// Whether its gateways lead out of the network.
    public let hasWayOut: Bool
}

extension DesiredState {
    /// The endpoints of this node in a network.
    public func localEndpoints(of network: NetworkID) -> [EndpointID] { networks[network].map { Array($0.local.keys) } ?? [] }

    /// The network of one of this node's endpoints, with its sandbox if Skein makes that, or nil.
    public func home(of endpoint: EndpointID) -> (network: NetworkID, sandbox: SandboxID?)? {
        networks.lazy.compactMap { id, view in
            view.local[endpoint].map { (id, $0.kind == .engine ? nil : $0.sandbox) }
        }.first
    }

    /// The networks that one of this node's sandboxes is on.
    public func networks(of sandbox: SandboxID) -> Set<NetworkID> { Set((memberships[sandbox] ?? []).map(\.network)) }

    /// Whether there may be a device of one of this node's endpoints on the host: from there a container engine takes it, and to there it
    /// comes back. That is so too while it is not decided what should be in the network's namespace.
    public func mayHaveEngineDevice(_ endpoint: EndpointID, of network: NetworkID) -> Bool {
        networks[network]?.local[endpoint]?.kind == .engine && plan(of: network) != .absent
    }

    /// An endpoint's plan, or nil while its network or its sandbox is not known, or if it is not of this node.
    public func attachment(_ endpoint: EndpointID, of network: NetworkID) -> AttachmentPlan? {
        guard let view = networks[network], let record = view.record, let endpoint = view.local[endpoint], plan(of: network).plan != nil,
            let place = place(of: endpoint, in: record)
        else { return nil }
        return AttachmentPlan(id: endpoint.id, network: network, mac: endpoint.mac, mtu: mtu(of: record), place: place)
    }

    private func place(of endpoint: EndpointRecord, in network: NetworkRecord) -> AttachmentPlan.Place? {
        switch endpoint.kind {
        case .native: device(of: endpoint, in: network).map { .sandbox($0) }
        // Its sandbox is the engine's affair, and often not told yet.
        case .engine: .engine
        case .cni, .unknown: nil
        }
    }

    private func device(of endpoint: EndpointRecord, in network: NetworkRecord) -> SandboxDevice? {
        guard let sandbox = sandboxes[endpoint.sandbox], sandbox.kind == .native else { return nil }
        let subnets = endpoint.addresses.map { address in (address, network.subnet(of: address)) }
        return SandboxDevice(
            sandbox: sandbox.id, namespace: KernelNames.namespace(ofSandbox: sandbox.name), interface: endpoint.interface,
            addresses: subnets.map { address, subnet in
                subnet.map { InterfaceAddress(address, in: $0.pool) }
                    ?? InterfaceAddress(address, in: Subnet(containing: address, prefixLength: address.family.width))
            },
            gateways: subnets.compactMap { $0.1?.gateway }, hasWayOut: !network.isInternal)
    }
}
