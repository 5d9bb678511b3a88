import NetworkModel

/// An entry of `GET /containers/json`.
struct DockerContainerIDBody: Decodable {
    let id: String?

    private enum Key: String, CodingKey { case id = "Id" }

    init(from decoder: any Decoder) throws {
        id = try decoder.container(keyedBy: Key.self).lenient(.id)
    }
}

/// Docker's `ContainerJSON`, as far as it is needed.
struct DockerContainerBody: Decodable {
    /// nil for what has no id or no name.
    let container: HostedContainer?

    private enum Key: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case created = "Created"
        case state = "State"
        case configuration = "Config"
        case hostConfiguration = "HostConfig"
        case networking = "NetworkSettings"
    }

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Key.self)
        guard let id: String = body.lenient(.id), let fullName: String = body.lenient(.name) else {
            container = nil
            return
        }
        let name = String(fullName.drop { $0 == "/" })
        let configuration: Configuration? = body.lenient(.configuration)
        let host: HostConfiguration? = body.lenient(.hostConfiguration)
        let networking: Networking? = body.lenient(.networking)
        let names = [configuration?.hostname ?? "", String(id.prefix(12))]
        let attachments = (networking?.networks ?? [:]).sorted { $0.key < $1.key }.compactMap { network, settings in
            settings.attachment(
                named: name, also: names, links: host?.mode == network || host?.mode == settings.network ? host?.links ?? [] : [])
        }
        container = HostedContainer(
            id: id, name: name, isRunning: (body.lenient(.state) as State?)?.isRunning ?? false,
            created: (body.lenient(.created) as String?).flatMap(DockerTime.timestamp(ofRFC3339:)) ?? Timestamp(nanoseconds: 0),
            labels: configuration?.labels ?? [:], startsAgain: host?.startsAgain ?? false, attachments: attachments)
    }

    private struct State: Decodable {
        let isRunning: Bool

        private enum Key: String, CodingKey { case isRunning = "Running" }

        init(from decoder: any Decoder) throws {
            isRunning = try decoder.container(keyedBy: Key.self).flag(.isRunning)
        }
    }

    private struct Configuration: Decodable {
        let hostname: String?
        let labels: [String: String]

        private enum Key: String, CodingKey {
            case hostname = "Hostname"
            case labels = "Labels"
        }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: Key.self)
            hostname = body.lenient(.hostname)
            labels = body.texts(.labels)
        }
    }

    private struct HostConfiguration: Decodable {
        let links: [String]
        /// The network that the container was made on, by name or id.
        let mode: String?
        let startsAgain: Bool

        private enum Key: String, CodingKey {
            case links = "Links"
            case mode = "NetworkMode"
            case policy = "RestartPolicy"
        }

        private enum PolicyKey: String, CodingKey { case name = "Name" }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: Key.self)
            links = body.list(.links)
            mode = body.lenient(.mode)
            let policy: String? = (try? body.nestedContainer(keyedBy: PolicyKey.self, forKey: .policy))?.lenient(.name)
            startsAgain = !["", "no"].contains(policy ?? "")
        }
    }

    private struct Networking: Decodable {
        let networks: [String: DockerAttachmentBody]

        private enum Key: String, CodingKey { case networks = "Networks" }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: Key.self)
            networks = (body.lenient(.networks) as [String: Lenient<DockerAttachmentBody>]?)?.compactMapValues(\.value) ?? [:]
        }
    }
}

/// Docker's `EndpointSettings` as they are told.
private struct DockerAttachmentBody: Decodable {
    let network: String?
    private let endpoint: String?
    private let aliases: [String]
    private let links: [String]
    private let chosen: [IPAddress]

    private enum Key: String, CodingKey {
        case network = "NetworkID"
        case endpoint = "EndpointID"
        case aliases = "Aliases"
        case names = "DNSNames"
        case links = "Links"
        case choice = "IPAMConfig"
    }

    private enum ChoiceKey: String, CodingKey, CaseIterable {
        case ipv4 = "IPv4Address"
        case ipv6 = "IPv6Address"
    }

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Key.self)
        let choice = try? body.nestedContainer(keyedBy: ChoiceKey.self, forKey: .choice)
        chosen = ChoiceKey.allCases.compactMap { key in (choice?.lenient(key) as String?).flatMap { try? IPAddress($0) } }
        network = body.lenient(.network)
        endpoint = body.lenient(.endpoint)
        aliases = body.list(.aliases) + body.list(.names)
        links = body.list(.links)
    }

    /// - Parameters:
    ///   - name: the container's own, which is no alias.
    ///   - names: what it is called on every network.
    ///   - hostLinks: what Docker keeps beside the networks for the one that a container was made on.
    func attachment(named name: String, also names: [String], links hostLinks: [String]) -> HostedContainer.Attachment? {
        guard let network = network.flatMap({ try? EngineNetworkID($0) }) else { return nil }
        var known: Set<String> = [name.lowercased()]
        let aliases = (aliases + names).compactMap { try? EndpointName($0) }.filter { known.insert($0.folded).inserted }
        return HostedContainer.Attachment(
            network: network, endpoint: endpoint.flatMap { try? EndpointID($0) }, aliases: aliases,
            links: Dictionary((links + hostLinks).compactMap(Self.link), uniquingKeysWith: { first, _ in first }), chosen: chosen)
    }

    /// `container:alias` or `container`, and with slashes when Docker keeps it for a container: `/c1:/c2/alias`.
    private static func link(_ text: String) -> (alias: String, name: EndpointName)? {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.split(separator: "/").last.map(String.init) ?? "" }
        guard let target = parts.first.flatMap({ try? EndpointName($0) }),
            let alias = parts.last.flatMap({ try? EndpointName($0) })
        else { return nil }
        return (alias.folded, target)
    }
}

/// The body of `POST /networks/{id}/connect`.
struct DockerConnectBody: Encodable {
    private let container: String
    private let settings: Settings

    private enum CodingKeys: String, CodingKey {
        case container = "Container"
        case settings = "EndpointConfig"
    }

    init(_ container: String, _ options: AttachmentOptions) {
        self.container = container
        settings = Settings(
            addresses: options.addresses.isEmpty
                ? nil
                : Addresses(
                    ipv4: options.addresses.first { $0.family == .v4 }?.description,
                    ipv6: options.addresses.first { $0.family == .v6 }?.description),
            aliases: options.aliases.isEmpty ? nil : options.aliases.map(\.rawValue), mac: options.mac?.description,
            options: options.options.isEmpty ? nil : options.options)
    }

    private struct Settings: Encodable {
        let addresses: Addresses?
        let aliases: [String]?
        let mac: String?
        let options: [String: String]?

        enum CodingKeys: String, CodingKey {
            case addresses = "IPAMConfig"
            case aliases = "Aliases"
            case mac = "MacAddress"
            case options = "DriverOpts"
        }
    }

    private struct Addresses: Encodable {
        let ipv4: String?
        let ipv6: String?

        enum CodingKeys: String, CodingKey {
            case ipv4 = "IPv4Address"
            case ipv6 = "IPv6Address"
        }
    }
}

/// The body of `POST /networks/{id}/disconnect`.
struct DockerDisconnectBody: Encodable {
    let container: String
    let force: Bool

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case force = "Force"
    }
}
