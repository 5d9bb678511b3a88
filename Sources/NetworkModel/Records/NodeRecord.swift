/// A counter that a node raises each time its worker starts: it tells a claim of an earlier life from one of this life.
public struct Epoch: Codable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(UInt64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// A host that runs a worker, as the catalog keeps it at `nodes/<node>` under the node's lease.
public struct NodeRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: NodeID
    /// For people; two nodes may have the same (lesson 13).
    public var hostname: String
    /// The underlay address of the node's VXLAN traffic.
    public var vtep: IPAddress
    /// Docker's `--cluster-advertise`, `address:port`.
    public var advertise: String
    public var epoch: Epoch
    /// Skein's version on the node.
    public var version: String
    public var kernelVersion: String
    public var operatingSystem: String
    /// Destinations that the host routes itself: pools avoid them (lesson 26).
    public var hostRoutes: [Subnet]
    /// The MTU of the route to the other VTEPs, in bytes.
    public var underlayMTU: Int
    public var joined: Timestamp

    public init(
        id: NodeID, hostname: String, vtep: IPAddress, advertise: String, epoch: Epoch, version: String, kernelVersion: String,
        operatingSystem: String, hostRoutes: [Subnet] = [], underlayMTU: Int, joined: Timestamp
    ) {
        self.id = id
        self.hostname = hostname
        self.vtep = vtep
        self.advertise = advertise
        self.epoch = epoch
        self.version = version
        self.kernelVersion = kernelVersion
        self.operatingSystem = operatingSystem
        self.hostRoutes = hostRoutes
        self.underlayMTU = underlayMTU
        self.joined = joined
    }
}
