import DesiredState
import KernelNetwork
import NetworkModel

/// Whose namespace it is, which says how the things in it are recognised as ours (docs/design/dataplane.md has the table).
enum Ownership: Hashable, Sendable {
    case host
    case network(NetworkID)
    case sandbox(SandboxID)

    /// Whether a device is ours to change and to delete.
    /// - Parameter isPlanned: whether there should be a device of its name.
    func includes(_ link: LinkState, isPlanned: Bool) -> Bool {
        switch self {
        case .host: Self.isHostUplink(link) || Self.isEngineDevice(link)
        case .network(let id):
            // The namespace is ours, so its names are; any other device in it is not.
            isPlanned || link.kind != .loopback && (link.alias == id.rawValue || Self.isPort(link))
        case .sandbox: link.kind == .loopback ? isPlanned : link.kind == .veth && Self.endpoint(of: link) != nil
        }
    }

    private static func isHostUplink(_ link: LinkState) -> Bool {
        link.alias.flatMap { try? NetworkID($0) }.map { KernelNames.hostUplink(of: $0) == link.name } ?? false
    }

    private static func isEngineDevice(_ link: LinkState) -> Bool {
        link.kind == .veth && endpoint(of: link).map { KernelNames.engineDevice(of: $0) == link.name } ?? false
    }

    /// A port without an alias is one that was not finished.
    private static func isPort(_ link: LinkState) -> Bool {
        guard let endpoint = endpoint(of: link) else { return link.alias == nil && link.kind == .veth && KernelNames.isPort(link.name) }
        return KernelNames.port(of: endpoint) == link.name
    }

    private static func endpoint(of link: LinkState) -> EndpointID? { link.alias.flatMap { try? EndpointID($0) } }

    /// Whether pairs are made from this end.
    var makesPairs: Bool {
        if case .network = self { true } else { false }
    }
}

/// What a namespace that nothing plans shows of its owner.
enum Leftover {
    /// Whether a namespace with a network's name is one of an earlier life: its loopback or bridge says so, or it was never finished.
    static func isNetwork(_ state: KernelState, digits: String) -> Bool {
        let owners = ["lo", KernelNames.bridge].compactMap { state.links[$0]?.alias }
        return owners.isEmpty ? state.links.keys.allSatisfy { $0 == "lo" } : owners.contains { $0.hasPrefix(digits) }
    }

    /// Whether a namespace with a sandbox's name is one of an earlier life: its loopback says so, or its files, which come first.
    static func isSandbox(_ state: KernelState, files: [String: String]) -> Bool {
        state.links["lo"]?.alias.flatMap { try? SandboxID($0) } != nil || owner(of: files) != nil
    }

    static func owner(of files: [String: String]) -> SandboxID? {
        files.values.lazy.compactMap { SandboxFileHeader(of: $0) }.first?.sandbox
    }

    /// The devices whose removal need not wait for the namespace's own, which the kernel does later: their other ends, and the VNI, are
    /// wanted again at once.
    static func linksToDelete(_ state: KernelState) -> [String] {
        state.links.values.filter { link in
            switch link.kind {
            case .veth, .vxlan: true
            case .bridge, .loopback, .other: false
            }
        }.map(\.name).sorted()
    }
}
