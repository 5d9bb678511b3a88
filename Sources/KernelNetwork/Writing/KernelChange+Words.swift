extension KernelChange {
    /// What is tried, for messages: follows `cannot`.
    var operation: String {
        switch self {
        case .addLink(let spec): "add \(spec.words)"
        case .deleteLink(let name): "delete \(name)"
        case .updateLink(let name, _): "change \(name)"
        case .setBridgePort(let name, _): "set the bridge port \(name)"
        case .replaceAddress(let entry): "add \(entry.address) to \(entry.link)"
        case .deleteAddress(let entry): "delete \(entry.address) from \(entry.link)"
        case .replaceRoute(let entry): "add the route to \(entry.destination) by \(entry.link)"
        case .deleteRoute(let entry): "delete the route to \(entry.destination) by \(entry.link)"
        case .replaceNeighbour(let entry): "add the neighbour \(entry.address) to \(entry.link)"
        case .deleteNeighbour(let entry): "delete the neighbour \(entry.address) from \(entry.link)"
        case .replaceForwarding(let entry): "forward \(entry.mac) to \(entry.vtep) on \(entry.link)"
        case .deleteForwarding(let entry): "stop forwarding \(entry.mac) to \(entry.vtep) on \(entry.link)"
        }
    }
}

extension LinkSpec {
    /// A VXLAN device fails for what it shares with all of the host: its VNI and its port.
    fileprivate var words: String {
        guard case .vxlan(let vni, let port, _) = kind else { return name }
        return "\(name) with VNI \(vni) and UDP port \(port)"
    }
}
