public import NetworkModel

/// What things are called in the kernel: by name and alias they are recognised as ours. Device names are at most 15 bytes (IFNAMSIZ).
public enum KernelNames {
    /// In a network's namespace.
    public static let bridge = "br0"
    public static let vxlan = "vxlan0"
    public static let uplink = "uplink0"
    /// Every uplink's end on the host, for the packet filter.
    public static let hostUplinks = "sk*"

    public static func namespace(of network: NetworkID) -> String { networkPrefix + network.short }
    public static func namespace(ofSandbox name: EndpointName) -> String { "\(sandboxPrefix)\(name)" }
    /// The end of a network's uplink that is in the host's namespace.
    public static func hostUplink(of network: NetworkID) -> String { "sk" + network.short }
    /// The end of an endpoint's pair that is a port of the network's bridge.
    public static func port(of endpoint: EndpointID) -> String { "v" + endpoint.short }

    /// The end of a container engine's endpoint that is made in the host's namespace: the engine moves it into its container, and renames it.
    public static func engineDevice(of endpoint: EndpointID) -> String { "ve" + endpoint.short }

    private static let networkPrefix = "skein-"
    private static let sandboxPrefix = "sk-"

    /// The network that a namespace's name stands for by the beginning of its id, or nil.
    public static func networkDigits(inNamespace name: String) -> String? {
        guard name.hasPrefix(networkPrefix) else { return nil }
        let digits = String(name.dropFirst(networkPrefix.utf8.count))
        return digits.utf8.count <= 12 && isIdentifier(digits) ? digits : nil
    }

    /// Whether a device's name is one that the port of an endpoint has.
    public static func isPort(_ name: String) -> Bool {
        name.hasPrefix("v") && name.utf8.count <= 13 && isIdentifier(String(name.dropFirst()))
    }

    /// Whether a namespace's name is one that a sandbox of Skein's has.
    public static func isSandboxNamespace(_ name: String) -> Bool {
        guard name.hasPrefix(sandboxPrefix) else { return false }
        return (try? EndpointName(String(name.dropFirst(sandboxPrefix.utf8.count)))) != nil
    }

    private static func isIdentifier(_ text: String) -> Bool {
        (try? NetworkID(text)) != nil
    }
}
