import AddressManagement
import ClusterCatalog
import DaemonKit
import EngineClient
import NetworkModel

/// What a network that a user has made at an engine asks of the cluster: pure.
struct NetworkProposal: Hashable {
    let request: NetworkRequest
    /// Whether the engine's network can stay as it is. Otherwise it is made anew as one of the cluster's.
    let keepsNetwork: Bool
    /// What to ask for when its pools overlap others, and the user may not have chosen them.
    let alternative: NetworkRequest?

    /// - Throws: why it can be none of the cluster's.
    init(_ network: HostedNetwork) throws(DaemonError) {
        let spec = network.spec
        let isOurs = spec.ipamDriver == EngineOption.driver
        guard isOurs || spec.ipamDriver == "null" || spec.ipamDriver == "default" else {
            throw DaemonError(
                .unsupported,
                "ipam driver \"\(spec.ipamDriver)\" cannot give addresses of the whole cluster: use --ipam-driver \(EngineOption.driver)")
        }
        var request = NetworkRequest(
            name: spec.name, ipamDriver: spec.ipamDriver == "null" ? "null" : "default", ipamOptions: spec.ipamOptions,
            isIPv6Enabled: spec.isIPv6Enabled, options: spec.options, labels: spec.labels, isInternal: spec.isInternal,
            isAttachable: spec.isAttachable)
        keepsNetwork = spec.ipamDriver != "default"
        if keepsNetwork { request.id = try? NetworkID(network.id.rawValue) }
        guard spec.ipamDriver != "null" else {
            self.request = request
            alternative = nil
            return
        }
        // Of its own address management an engine gives pools that the next engine gives too: those are not asked for.
        let given = spec.subnets.map { subnet in (subnet, Self.mayBeChosen(subnet, byCluster: isOurs)) }
        request.subnets = given.filter { isOurs || !$0.1 }.map { SubnetRecord($0.0, isUserDefined: !$0.1) }
        self.request = request
        guard isOurs, given.contains(where: \.1) else {
            alternative = nil
            return
        }
        request.id = nil
        request.subnets.removeAll { !$0.isUserDefined }
        alternative = request
    }

    /// Whether nobody may have asked for a pool: then engines tell it with a gateway, the first address, and it is from the usual ranges.
    private static func mayBeChosen(_ subnet: HostedSubnet, byCluster isOurs: Bool) -> Bool {
        guard let gateway = subnet.gateway, subnet.subPool == nil, subnet.auxiliary.isEmpty,
            gateway == subnet.pool.address(at: 1) || gateway.family == .v6 && gateway == subnet.pool.base
        else { return false }
        guard subnet.pool.family == .v4 else { return subnet.pool.prefixLength == 64 && uniqueLocal.contains(subnet.pool) }
        return DefaultPools.ipv4(isOurs ? .global : .local).contains {
            $0.base.contains(subnet.pool) && subnet.pool.prefixLength == $0.prefixLength
        }
    }

    /// RFC 4193 section 3.1, the half that is in use.
    private static let uniqueLocal = Subnet(containing: IPAddress(family: .v6, bits: 0xfd << 120), prefixLength: 8)
}

extension SubnetRecord {
    init(_ subnet: HostedSubnet, isUserDefined: Bool) {
        self.init(
            pool: subnet.pool, subPool: subnet.subPool, gateway: subnet.gateway, auxiliary: subnet.auxiliary, isUserDefined: isUserDefined,
            isGatewayUserDefined: isUserDefined && subnet.gateway != nil)
    }
}

extension HostedNetworkSpec {
    /// The network of the cluster as engines have it.
    init(twinOf network: NetworkRecord) {
        let mark = [EngineOption.network: network.id.rawValue]
        self.init(
            name: network.name, driver: EngineOption.driver, ipamDriver: network.ipamDriver == "null" ? "null" : EngineOption.driver,
            ipamOptions: mark,
            subnets: network.subnets.map {
                HostedSubnet(pool: $0.pool, subPool: $0.subPool, gateway: $0.gateway, auxiliary: $0.auxiliary)
            },
            options: network.options.merging(mark) { $1 }, labels: network.labels, isInternal: network.isInternal,
            isIPv6Enabled: network.subnets.contains { $0.pool.family == .v6 }, isAttachable: network.isAttachable)
    }
}
