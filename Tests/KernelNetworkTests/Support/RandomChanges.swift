import KernelNetwork
import NetworkModel
import TestSupport

/// Changes drawn from a small world, so that they meet each other.
struct RandomChanges {
    let randomness: SeededRandomness
    let place: KernelNamespace
    let other: KernelNamespace
    let vnis: [VNI]

    private let names = ["br0", "br1", "vxlan0", "v0", "v1"]

    mutating func next() -> KernelChange {
        switch below(22) {
        case 0, 1: .addLink(LinkSpec(name: pick(["br0", "br1"]), kind: .bridge, mac: mac(), mtu: pick([1400, 1450]), isUp: chance(4)))
        case 2: .addLink(vxlan())
        case 3, 4: .addLink(pair())
        case 5: .deleteLink(pick(names))
        case 6, 7: .updateLink(pick(names), update())
        case 8: .setBridgePort(pick(names), flags())
        case 9, 10, 11: .replaceAddress(address())
        case 12: .deleteAddress(address())
        case 13, 14: .replaceRoute(route())
        case 15: .deleteRoute(route())
        case 16, 17: .replaceNeighbour(neighbour())
        case 18: .deleteNeighbour(neighbour())
        case 19, 20: .replaceForwarding(forwarding())
        default: .deleteForwarding(forwarding())
        }
    }

    private func below(_ count: Int) -> Int { Int(randomness.next() % UInt64(count)) }
    private func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
    /// True all but once in so many times.
    private func chance(_ count: Int) -> Bool { below(count) != 0 }

    private func mac() -> MACAddress { MACAddress(bits: 0x0242_0a07_0010 + UInt64(below(4))) }

    private func vxlan() -> LinkSpec {
        LinkSpec(
            name: "vxlan0", kind: .vxlan(pick(vnis), port: 4789, local: IPAddress(10, 97, 0, 1)), mac: mac(), mtu: 1450,
            master: pick([nil, "br0"]), alias: pick([nil, "vx"]), isUp: chance(4))
    }

    private func pair() -> LinkSpec {
        let number = below(2)
        let peer = VethPeer(
            name: "w\(number)", namespace: pick([place, other]), mac: mac(), mtu: pick([nil, 1400]), alias: pick([nil, "far"]),
            isUp: chance(4))
        return LinkSpec(
            name: "v\(number)", kind: .veth(peer: peer), mac: mac(), mtu: pick([nil, 1450]), master: pick([nil, "br0", "br1"]),
            alias: pick([nil, "near"]), isUp: chance(4))
    }

    private func update() -> LinkUpdate {
        LinkUpdate(
            mac: pick([nil, nil, mac()]), mtu: pick([nil, 1400, 1450]), master: pick([nil, nil, "br0", "br1"]),
            alias: pick([nil, "new"]), isUp: pick([nil, true, false]))
    }

    private func flags() -> BridgePortFlags {
        BridgePortFlags(learning: chance(2), flooding: chance(2), neighbourSuppression: chance(2))
    }

    private func address() -> AddressEntry {
        let texts = [
            "10.7.0.1/24", "10.7.0.2/24", "10.8.0.1/16", "169.254.128.0/31", "fd07::1/64", "fd07::2/64", "10.9.0.1/32", "fd09::1/128",
        ]
        let address =
            (try? InterfaceAddress(pick(texts)))
            ?? InterfaceAddress(IPAddress(10, 7, 0, 1), in: Subnet(containing: IPAddress(10, 7, 0, 0), prefixLength: 24))
        return AddressEntry(link: pick(["br0", "v0"]), address: address)
    }

    private func route() -> RouteEntry {
        let v4 = [IPAddress(10, 7, 0, 254), IPAddress(169, 254, 128, 1)]
        let v6 = [IPAddress(family: .v6, bits: 0xfd07 << 112 | 0xff)]
        let isV4 = chance(3)
        let destinations = isV4 ? [(IPAddress(0, 0, 0, 0), 0), (IPAddress(10, 11, 0, 0), 16)] : [(IPAddress(family: .v6, bits: 0), 0)]
        let (base, length) = pick(destinations)
        return RouteEntry(
            destination: Subnet(containing: base, prefixLength: length), gateway: pick(isV4 ? v4 : v6), link: pick(["br0", "v0"]))
    }

    private func neighbour() -> NeighbourEntry {
        let addresses = [IPAddress(10, 7, 0, 9), IPAddress(10, 7, 0, 10), IPAddress(family: .v6, bits: 0xfd07 << 112 | 9)]
        return NeighbourEntry(link: pick(["br0", "v0"]), address: pick(addresses), mac: mac())
    }

    private func forwarding() -> ForwardingEntry {
        let mac = MACAddress(bits: pick([0, 0x0242_0a07_0009, 0x0242_0a07_000a, 0x0242_0a07_000b]))
        return ForwardingEntry(
            link: pick(["vxlan0", "vxlan0", "vxlan0", "br0"]), mac: mac, vtep: pick([IPAddress(10, 97, 0, 2), IPAddress(10, 97, 0, 3)]))
    }
}
