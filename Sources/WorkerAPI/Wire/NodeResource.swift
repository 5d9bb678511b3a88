import NetworkModel

/// A node as the API shows it: an element of `GET /skein/v1/nodes`, and `GET /skein/v1/nodes/{node}`.
public struct NodeResource: Codable, Hashable, Sendable {
    /// Docker's words for the state of a node.
    public enum Status: String, Codable, Hashable, Sendable {
        case ready = "Ready"
        /// Its worker's lease has ended, and it still holds something.
        case down = "Down"
        case unknown = "Unknown"

        public init(from decoder: any Decoder) throws {
            self = Status(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
        }
    }

    public var id: String
    /// Empty when the node is down, as everything that its record would say.
    public var hostname: String
    public var status: Status
    public var vtep: String
    /// `address:port`.
    public var advertise: String
    public var epoch: UInt64
    public var version: String
    public var kernelVersion: String
    public var operatingSystem: String
    public var hostRoutes: [String]
    /// In bytes.
    public var underlayMTU: Int
    /// RFC 3339 with nanoseconds.
    public var joined: String
    public var sandboxes: Int
    public var endpoints: Int

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case hostname = "Hostname"
        case status = "Status"
        case vtep = "VTEP"
        case advertise = "Advertise"
        case epoch = "Epoch"
        case version = "Version"
        case kernelVersion = "KernelVersion"
        case operatingSystem = "OperatingSystem"
        case hostRoutes = "HostRoutes"
        case underlayMTU = "UnderlayMTU"
        case joined = "Joined"
        case sandboxes = "Sandboxes"
        case endpoints = "Endpoints"
    }
}

extension NodeResource {
    init(_ node: NodeDetail) {
        let record = node.record
        self.init(
            id: node.id.rawValue, hostname: record?.hostname ?? "", status: record == nil ? .down : .ready,
            vtep: record?.vtep.description ?? "", advertise: record?.advertise ?? "", epoch: record?.epoch.rawValue ?? 0,
            version: record?.version ?? "", kernelVersion: record?.kernelVersion ?? "", operatingSystem: record?.operatingSystem ?? "",
            hostRoutes: record?.hostRoutes.map(\.description) ?? [], underlayMTU: record?.underlayMTU ?? 0,
            joined: record?.joined.description ?? "", sandboxes: node.sandboxes, endpoints: node.endpoints)
    }
}
