/// The body of `POST /networks/create`. Absent fields and `null` are the same, as in Go.
public struct NetworkCreateBody: Codable, Hashable, Sendable {
    public var name: String?
    public var driver: String?
    public var scope: String?
    public var enableIPv4: Bool?
    public var enableIPv6: Bool?
    public var ipam: IPAMResource?
    public var isInternal: Bool?
    public var isAttachable: Bool?
    public var isIngress: Bool?
    public var isConfigOnly: Bool?
    public var configFrom: ConfigReference?
    public var options: [String: String]?
    public var labels: [String: String]?

    public init(name: String) {
        self.name = name
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case scope = "Scope"
        case enableIPv4 = "EnableIPv4"
        case enableIPv6 = "EnableIPv6"
        case ipam = "IPAM"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIngress = "Ingress"
        case isConfigOnly = "ConfigOnly"
        case configFrom = "ConfigFrom"
        case options = "Options"
        case labels = "Labels"
    }
}

/// The answer to `POST /networks/create`.
public struct NetworkCreateAnswer: Codable, Hashable, Sendable {
    public var id: String
    public var warning: String

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case warning = "Warning"
    }
}

/// The body of `POST /networks/{id}/connect`.
public struct NetworkConnectBody: Codable, Hashable, Sendable {
    public var container: String?
    public var endpointConfig: EndpointSettings?

    public init(container: String, endpointConfig: EndpointSettings? = nil) {
        self.container = container
        self.endpointConfig = endpointConfig
    }

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case endpointConfig = "EndpointConfig"
    }
}

/// The body of `POST /networks/{id}/disconnect`.
public struct NetworkDisconnectBody: Codable, Hashable, Sendable {
    public var container: String?
    public var isForced: Bool?

    public init(container: String, isForced: Bool) {
        self.container = container
        self.isForced = isForced
    }

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case isForced = "Force"
    }
}

/// The answer to `POST /networks/prune`: names, or `null` when there was nothing to do.
public struct NetworkPruneAnswer: Codable, Hashable, Sendable {
    public var networksDeleted: [String]?

    enum CodingKeys: String, CodingKey {
        case networksDeleted = "NetworksDeleted"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networksDeleted, forKey: .networksDeleted)
    }
}
