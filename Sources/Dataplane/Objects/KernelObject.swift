import KernelNetwork
import NetworkModel

/// One thing in a namespace, by what identifies it there. Neighbours and forwarding entries are kept apart: there are many.
enum KernelObject: Hashable, Sendable {
    /// A setting below `/proc/sys`.
    case control(String)
    /// The packet filter's rules.
    case rules
    case link(String)
    /// The switches of a bridge port.
    case port(String)
    case address(AddressEntry)
    /// A default route: a family has one.
    case defaultRoute(IPFamily)
}

extension KernelObject {
    /// The device that a setting is about, or nil: it comes and goes with the device.
    var deviceOfControl: String? {
        guard case .control(let path) = self else { return nil }
        let parts = path.split(separator: "/")
        guard parts.count == 5, parts[2] == "conf", parts[3] != "all", parts[3] != "default" else { return nil }
        return String(parts[3])
    }
}

/// What such a thing is like.
enum ObjectState: Hashable, Sendable {
    case control(String)
    case rules(PacketRules)
    case link(LinkShape)
    /// A device that is there and of no use: its other end is missing.
    case brokenLink
    case port(BridgePortFlags)
    case address
    case route(RouteEntry)
}

/// What should be in a namespace: objects, and how to make the devices among them that can be made there.
struct ObjectPlan {
    private(set) var objects: [KernelObject: ObjectState] = [:]
    private(set) var specs: [String: LinkSpec] = [:]

    mutating func set(_ path: String, to value: String) { objects[.control(path)] = .control(value) }
    mutating func set(_ rules: PacketRules) { objects[.rules] = .rules(rules) }
    var rules: PacketRules? { if case .rules(let rules) = objects[.rules] { rules } else { nil } }

    mutating func add(_ spec: LinkSpec) {
        objects[.link(spec.name)] = .link(LinkShape(spec))
        specs[spec.name] = spec
    }

    /// The end of a pair that is made from its other end.
    mutating func expect(_ peer: VethPeer) { objects[.link(peer.name)] = .link(LinkShape(peer)) }

    static let loopback = "lo"

    /// The loopback carries the id of whom the namespace belongs to.
    mutating func own(by id: String) { objects[.link(Self.loopback)] = .link(LinkShape(kind: .loopback, alias: id)) }

    mutating func set(_ flags: BridgePortFlags, of port: String) { objects[.port(port)] = .port(flags) }

    mutating func add(_ address: InterfaceAddress, to link: String) {
        objects[.address(AddressEntry(link: link, address: address))] = .address
    }

    mutating func addDefaultRoute(by gateway: IPAddress, over link: String) {
        let everything = Subnet(containing: IPAddress(family: gateway.family, bits: 0), prefixLength: 0)
        objects[.defaultRoute(gateway.family)] = .route(RouteEntry(destination: everything, gateway: gateway, link: link))
    }
}
