import NetworkModel

extension NetworkResource {
    /// A network as a list shows it, without what takes part in it.
    init(_ network: NetworkRecord) {
        let families = Set(network.subnets.map(\.pool.family))
        self.init(
            name: network.name, id: network.id.rawValue, created: network.created.description, scope: network.scope.rawValue,
            driver: network.driver.rawValue,
            // Without address management the users bring their own addresses.
            enableIPv4: families.isEmpty || families.contains(.v4), enableIPv6: families.contains(.v6), ipam: IPAMResource(network),
            isInternal: network.isInternal, isAttachable: network.isAttachable, isIngress: false,
            configFrom: ConfigReference(network: ""), isConfigOnly: false, containers: [:], options: network.options,
            labels: network.labels)
    }

    /// A network as `inspect` shows it: with the endpoints of every node.
    init(_ detail: NetworkDetail, isVerbose: Bool) {
        self.init(detail.network)
        containers = Dictionary(
            detail.endpoints.map { ($0.sandbox.rawValue, EndpointResource($0, in: detail.network)) },
            uniquingKeysWith: { first, _ in first })
        guard isVerbose else { return }
        peers = detail.peers.map { PeerResource(name: $0.hostname, ip: $0.vtep.description) }
    }
}

extension IPAMResource {
    init(_ network: NetworkRecord) {
        self.init(driver: network.ipamDriver, options: network.ipamOptions, config: network.subnets.map { IPAMConfigResource($0) })
    }
}

extension IPAMConfigResource {
    /// Docker echoes what the user gave, and shows a gateway it chose only beside a pool it chose.
    init(_ subnet: SubnetRecord) {
        let showsGateway = !subnet.isUserDefined || subnet.isGatewayUserDefined
        self.init(
            subnet: subnet.pool.description, ipRange: subnet.subPool?.description,
            gateway: showsGateway ? subnet.gateway?.description : nil,
            auxiliaryAddresses: subnet.auxiliary.isEmpty ? nil : subnet.auxiliary.mapValues(\.description))
    }
}

extension EndpointResource {
    init(_ endpoint: EndpointRecord, in network: NetworkRecord) {
        func text(_ family: IPFamily) -> String {
            guard let address = endpoint.address(family) else { return "" }
            guard let pool = network.subnet(of: address)?.pool else { return address.description }
            return InterfaceAddress(address, in: pool).description
        }
        self.init(
            name: endpoint.name.rawValue, endpointID: endpoint.id.rawValue, macAddress: endpoint.mac.description, ipv4Address: text(.v4),
            ipv6Address: text(.v6))
    }
}
