import NetworkModel

/// How a daemon does: the answer to `GET /skein/v1/status` and `GET /skein/v1/health`.
public struct StatusResource: Codable, Hashable, Sendable {
    /// `controller` or `worker`.
    public var role: String
    public var isHealthy: Bool
    /// The worker's node; left out for a controller, or before the worker has joined.
    public var node: String?
    /// The cluster store's URL, without credentials.
    public var store: String
    /// Left out when the store answers.
    public var storeFault: String?
    /// Left out when the kernel is as the plan says.
    public var dataplaneFault: String?

    enum CodingKeys: String, CodingKey {
        case role = "Role"
        case isHealthy = "Healthy"
        case node = "Node"
        case store = "Store"
        case storeFault = "StoreFault"
        case dataplaneFault = "DataplaneFault"
    }
}

extension StatusResource {
    init(_ status: DaemonStatus) {
        self.init(
            role: status.role.rawValue, isHealthy: status.isHealthy, node: status.node?.rawValue, store: status.store,
            storeFault: status.storeFault, dataplaneFault: status.dataplaneFault)
    }
}
