/// One attachment of a sandbox to a network, as the catalog keeps it at `endpoints/<network>/<endpoint>`.
public struct EndpointRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: EndpointID
    public let network: NetworkID
    public var name: EndpointName
    /// Further names; several endpoints may share one.
    public var aliases: [EndpointName]
    /// At most one a family; empty on a network without address management.
    public var addresses: [IPAddress]
    public var mac: MACAddress
    public let node: NodeID
    /// The epoch of the node when it last wrote this record.
    public var epoch: Epoch
    /// The sandbox. That of a container engine's endpoint has the endpoint's own digits until the engine has told which container it is.
    public var sandbox: SandboxID
    /// Who looks after the sandbox, and with that who puts the interface into it.
    public var kind: SandboxRecord.Kind
    /// The interface's name in the sandbox, such as `eth0`: at most 15 bytes (IFNAMSIZ). Empty when somebody else names it.
    public var interface: String
    public var options: [String: String]
    /// Docker's `--link`: what this endpoint alone calls others of its network, in lower case, and their names.
    public var links: [String: EndpointName]

    public init(
        id: EndpointID, network: NetworkID, name: EndpointName, aliases: [EndpointName] = [], addresses: [IPAddress], mac: MACAddress,
        node: NodeID, epoch: Epoch, sandbox: SandboxID, kind: SandboxRecord.Kind = .native, interface: String,
        options: [String: String] = [:],
        links: [String: EndpointName] = [:]
    ) {
        self.id = id
        self.network = network
        self.name = name
        self.aliases = aliases
        self.addresses = addresses
        self.mac = mac
        self.node = node
        self.epoch = epoch
        self.sandbox = sandbox
        self.kind = kind
        self.interface = interface
        self.options = options
        self.links = links
    }

    /// Member by member, since a network may have tens of thousands: only ``CompactJSON`` reads and writes it.
    public init(from decoder: any Decoder) throws {
        var object = try JSONNode.of(decoder).object()
        id = try object.required("id").text()
        network = try object.required("network").text()
        name = try object.required("name").text()
        aliases = try object.required("aliases").elements { try $0.text() }
        addresses = try object.required("addresses").elements { try $0.text() }
        mac = try object.required("mac").text()
        node = try object.required("node").text()
        epoch = Epoch(try object.required("epoch").integer())
        sandbox = try object.required("sandbox").text()
        kind = SandboxRecord.Kind(lenient: try object.required("kind").string())
        interface = try object.required("interface").string()
        options = try object.required("options").object().dictionary { try $0.string() }
        links = try object.required("links").object().dictionary { try $0.text() }
    }

    public func encode(to encoder: any Encoder) throws {
        let json = try JSONWriter.of(encoder, for: self)
        json.object {
            json.member("id").write(id)
            json.member("network").write(network)
            json.member("name").write(name)
            json.member("aliases").array(aliases) { json.write($0) }
            json.member("addresses").array(addresses) { json.write($0) }
            json.member("mac").write(mac)
            json.member("node").write(node)
            json.member("epoch").write(epoch.rawValue)
            json.member("sandbox").write(sandbox)
            json.member("kind").write(kind.rawValue)
            json.member("interface").write(interface)
            json.member("options").object { for (name, value) in options { json.member(named: name).write(value) } }
            json.member("links").object { for (name, value) in links { json.member(named: name).write(value) } }
        }
    }

    public func address(_ family: IPFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }
}
