import NetworkModel

/// One line of `GET /events`.
struct EventBody: Codable, Hashable, Sendable {
    struct Actor: Codable, Hashable, Sendable {
        var id: String
        var attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    var type: String
    var action: String
    var actor: Actor
    var scope: String
    /// Seconds since 1970.
    var time: Int64
    /// Nanoseconds since 1970.
    var timeNano: Int64

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case action = "Action"
        case actor = "Actor"
        case scope
        case time
        case timeNano
    }
}

extension EventBody {
    init(_ event: NetworkEvent) {
        var attributes = ["name": event.name, "type": event.driver.rawValue]
        attributes["container"] = event.sandbox?.rawValue
        self.init(
            type: "network", action: event.action.rawValue, actor: Actor(id: event.network.rawValue, attributes: attributes),
            scope: event.driver.scope.rawValue, time: event.time.seconds, timeNano: event.time.nanoseconds)
    }
}
