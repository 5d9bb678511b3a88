import NetworkModel

/// A line of `GET /events`.
struct DockerEventBody: Decodable {
    private let type: String?
    private let action: String?
    private let subject: String?
    private let attributes: [String: String]

    private enum Key: String, CodingKey {
        case type = "Type"
        case action = "Action"
        case actor = "Actor"
    }

    private struct Actor: Decodable {
        let id: String?
        let attributes: [String: String]

        private enum Key: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: Key.self)
            id = body.lenient(.id)
            attributes = body.texts(.attributes)
        }
    }

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Key.self)
        type = body.lenient(.type)
        action = body.lenient(.action)
        let actor: Actor? = body.lenient(.actor)
        subject = actor?.id
        attributes = actor?.attributes ?? [:]
    }

    /// nil for what changes nothing that we know of.
    var event: EngineEvent? {
        switch (type, action) {
        case ("network", "create"):
            networkID.map { .networkCreated($0, name: attributes["name"] ?? "", driver: attributes["type"] ?? "") }
        case ("network", "destroy"), ("network", "remove"): networkID.map { .networkRemoved($0) }
        case ("network", "connect"), ("network", "disconnect"): attributes["container"].map { .containerChanged($0) }
        case ("container", "start"), ("container", "rename"): subject.map { .containerChanged($0) }
        case ("container", "die"), ("container", "destroy"): subject.map { .containerGone($0) }
        default: nil
        }
    }

    private var networkID: EngineNetworkID? { subject.flatMap { try? EngineNetworkID($0) } }
}
