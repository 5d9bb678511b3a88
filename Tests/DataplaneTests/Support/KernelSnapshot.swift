import FakeKernel
import KernelNetwork
import NetworkModel

/// What a fake kernel has, without what says nothing: indices, and settings that stay behind on the host.
struct KernelSnapshot: Equatable {
    struct Space: Equatable {
        var links: [String: LinkState]
        var addresses: Set<AddressEntry>
        var routes: Set<RouteEntry>
        var neighbours: [String: [IPAddress: MACAddress]]
        var forwarding: [String: [MACAddress: IPAddress]]
        var bridgeHalves: [String: Set<MACAddress>]
        var flooding: [String: Set<IPAddress>]
        var rules: PacketRules?

        init(_ space: FakeNamespace) {
            links = space.links.mapValues { link in
                var link = link
                link.index = 0
                // A device that was given no address has one by its index.
                if link.mac.map({ $0.bits >> 32 == 0x0201 }) == true { link.mac = nil }
                return link
            }
            addresses = space.addresses
            routes = space.routes
            neighbours = space.neighbours.filter { !$0.value.isEmpty }
            forwarding = space.forwarding.filter { !$0.value.isEmpty }
            bridgeHalves = space.bridgeHalves.filter { !$0.value.isEmpty }
            flooding = space.flooding.filter { !$0.value.isEmpty }
            rules = space.rules
        }
    }

    private(set) var spaces: [String: Space] = [:]

    init(_ kernel: FakeKernel) throws {
        for name in try kernel.namespaces() { spaces[name] = kernel.namespace(.named(name)).map { Space($0) } }
        spaces["host"] = kernel.namespace(.host).map { Space($0) }
    }

    /// What differs, so that a failure can be read.
    func difference(from other: KernelSnapshot) -> [String] {
        Set(spaces.keys).union(other.spaces.keys).sorted().compactMap { name in
            spaces[name] == other.spaces[name]
                ? nil : "\(name): \(String(describing: spaces[name])) is not \(String(describing: other.spaces[name]))"
        }
    }
}
