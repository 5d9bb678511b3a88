public import NetworkModel

/// A network as an engine tells of it: without its name and labels.
public struct EngineNetwork: Hashable, Sendable {
    public var id: EngineNetworkID
    /// What the engine's IPAM driver chose, or its user through it: it is not told which. Empty with the IPAM driver `null`.
    public var subnets: [SubnetRecord]
    /// What the user gave as `docker network create -o`.
    public var options: [String: String]
    public var isInternal: Bool
    public var isIPv6Enabled: Bool

    public init(
        id: EngineNetworkID, subnets: [SubnetRecord] = [], options: [String: String] = [:], isInternal: Bool = false,
        isIPv6Enabled: Bool = false
    ) {
        self.id = id
        self.subnets = subnets
        self.options = options
        self.isInternal = isInternal
        self.isIPv6Enabled = isIPv6Enabled
    }
}
