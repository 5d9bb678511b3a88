import DesiredState
import KernelNetwork
import Logging
public import NetworkModel

/// The ports that endpoints of this node have published, whether or not the view has the endpoints.
struct PublishedPorts {
    private(set) var ports: [EndpointID: [PortForwarding]] = [:]
    /// Endpoints whose ports were taken back, until the host's rules are written.
    private var leaving: Set<EndpointID> = []

    /// - Returns: whether that is news.
    mutating func set(_ new: [PortForwarding], of endpoint: EndpointID) -> Bool {
        let old = ports[endpoint] ?? []
        guard Set(old) != Set(new) else { return false }
        ports[endpoint] = new.isEmpty ? nil : new
        if !Set(new).isSuperset(of: old) { leaving.insert(endpoint) }
        return true
    }

    func has(_ endpoint: EndpointID) -> Bool { ports[endpoint] != nil }

    /// Whether the host's rules have, or had until a moment ago, anything of an endpoint.
    func concerns(_ endpoint: EndpointID) -> Bool { has(endpoint) || leaving.contains(endpoint) }

    mutating func hostIsSettled() { leaving = [] }
}

extension Dataplane {
    /// Has ports of the host lead to an endpoint of this node, in place of those that did. They are kept while the endpoint, or its
    /// network, is not there; none takes them back. ``settle(endpoint:)`` waits for them.
    ///
    /// After a start, tell the ports of an earlier life before ``start(with:)``: what is not told by then is taken back with the first
    /// look at the host.
    ///
    /// An internal network publishes nothing, nor does an endpoint for a family in which it has no address. Established connections of
    /// a port that is taken back end: the host answers them itself.
    public func publish(_ ports: [PortForwarding], of endpoint: EndpointID) {
        guard published.set(ports, of: endpoint), isAdopted, let home = desired.home(of: endpoint) else { return }
        replanPorts(of: home.network)
    }

    func replanPorts(of id: NetworkID) {
        guard let network = networks[id], let plan = network.plan, planPorts(of: network, plan) else { return }
        setObjects(of: network, plan)
        makeDue(.network(id))
    }

    /// - Returns: whether anything is different now.
    @discardableResult
    func planPorts(of network: LocalNetwork, _ plan: NetworkPlan) -> Bool {
        var endpoints: [EndpointID: (addresses: [IPAddress], ports: [PortForwarding])] = [:]
        for (endpoint, ports) in published.ports {
            if let addresses = desired.addresses(of: endpoint, on: network.id) { endpoints[endpoint] = (addresses, ports) }
        }
        let ports = PortPlan(endpoints, over: plan.uplinkFamilies)
        guard ports != network.ports else { return false }
        if ports.unserved != network.ports.unserved, let first = ports.unserved.first {
            let reason =
                plan.uplinkFamilies.isEmpty ? "the network is internal" : "the endpoint has no address of the host address's family"
            logger.warning(
                "ports are not published: \(reason)",
                metadata: ["network": "\(network.id)", "port": "\(first.port.number)", "count": "\(ports.unserved.count)"])
        }
        network.ports = ports
        return true
    }
}

extension PortPlan {
    /// What the host does: it sends to the network's end of the uplink.
    func onHost(_ uplink: UplinkAddresses) -> [PortArrival: PortDestination] {
        translations { passage in
            (
                PortArrival(passage.transport, passage.hostAddress, port: passage.hostPort),
                PortDestination(uplink.network(passage.address.family).address, port: passage.uplinkPort)
            )
        }
    }

    /// What the network's namespace does with what arrives there.
    func onNetwork(_ uplink: UplinkAddresses) -> [PortArrival: PortDestination] {
        translations { passage in
            (
                PortArrival(passage.transport, uplink.network(passage.address.family).address, port: passage.uplinkPort),
                PortDestination(passage.address, port: passage.port)
            )
        }
    }

    private func translations(_ make: (Passage) -> (PortArrival, PortDestination)) -> [PortArrival: PortDestination] {
        Dictionary(passages.map(make)) { first, _ in first }
    }

    /// Whether a connection to 127.0.0.1 may be for one of the ports.
    var hasLoopback: Bool {
        passages.contains { $0.hostAddress.family == .v4 && ($0.hostAddress.isUnspecified || $0.hostAddress.isLoopback) }
    }
}
