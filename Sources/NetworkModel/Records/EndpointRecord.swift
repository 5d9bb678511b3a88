/// One attachment of a sandbox to a network, as the catalog keeps it at `endpoints/<network>/<endpoint>`.
///
/// A host has tens of thousands of them, in its view and in what is computed from that: all share one copy of what a record says.
public struct EndpointRecord: Codable, Hashable, Sendable, Identifiable {
    private struct Fields: Hashable, Sendable {
        let id: EndpointID
        let network: NetworkID
        var name: EndpointName
        var aliases: [EndpointName]
        var addresses: [IPAddress]
        var mac: MACAddress
        let node: NodeID
        var epoch: Epoch
        var sandbox: SandboxID
        var kind: SandboxRecord.Kind
        var interface: String
        var options: [String: String]
        var links: [String: EndpointName]
    }

    private final class Kept: Sendable {
        let fields: Fields

        init(_ fields: Fields) {
            self.fields = fields
        }
    }

    private var kept: Kept
    private var fields: Fields {
        get { kept.fields }
        set { kept = Kept(newValue) }
    }

    public var id: EndpointID { kept.fields.id }
    public var network: NetworkID { kept.fields.network }
    public var name: EndpointName {
        get { kept.fields.name }
        set { fields.name = newValue }
    }
    /// Further names; several endpoints may share one.
    public var aliases: [EndpointName] {
        get { kept.fields.aliases }
        set { fields.aliases = newValue }
    }
    /// At most one a family; empty on a network without address management.
    public var addresses: [IPAddress] {
        get { kept.fields.addresses }
        set { fields.addresses = newValue }
    }
    public var mac: MACAddress {
        get { kept.fields.mac }
        set { fields.mac = newValue }
    }
    public var node: NodeID { kept.fields.node }
    /// The epoch of the node when it last wrote this record.
    public var epoch: Epoch {
        get { kept.fields.epoch }
        set { fields.epoch = newValue }
    }
    /// The sandbox. That of a container engine's endpoint has the endpoint's own digits until the engine has told which container it is.
    public var sandbox: SandboxID {
        get { kept.fields.sandbox }
        set { fields.sandbox = newValue }
    }
    /// Who looks after the sandbox, and with that who puts the interface into it.
    public var kind: SandboxRecord.Kind {
        get { kept.fields.kind }
        set { fields.kind = newValue }
    }
    /// The interface's name in the sandbox, such as `eth0`: at most 15 bytes (IFNAMSIZ). Empty when somebody else names it.
    public var interface: String {
        get { kept.fields.interface }
        set { fields.interface = newValue }
    }
    public var options: [String: String] {
        get { kept.fields.options }
        set { fields.options = newValue }
    }
    /// Docker's `--link`: what this endpoint alone calls others of its network, in lower case, and their names.
    public var links: [String: EndpointName] {
        get { kept.fields.links }
        set { fields.links = newValue }
    }

    public init(
        id: EndpointID, network: NetworkID, name: EndpointName, aliases: [EndpointName] = [], addresses: [IPAddress], mac: MACAddress,
        node: NodeID, epoch: Epoch, sandbox: SandboxID, kind: SandboxRecord.Kind = .native, interface: String,
        options: [String: String] = [:],
        links: [String: EndpointName] = [:]
    ) {
        kept = Kept(
            Fields(
                id: id, network: network, name: name, aliases: aliases, addresses: addresses, mac: mac, node: node, epoch: epoch,
                sandbox: sandbox, kind: kind, interface: interface, options: options, links: links))
    }

    /// Member by member, for their number: only ``CompactJSON`` reads and writes a record.
    public init(from decoder: any Decoder) throws {
        var object = try JSONNode.of(decoder).object()
        self.init(
            id: try object.required("id").text(), network: try object.required("network").text(),
            name: try object.required("name").text(), aliases: try object.required("aliases").elements { try $0.text() },
            addresses: try object.required("addresses").elements { try $0.text() }, mac: try object.required("mac").text(),
            node: try object.required("node").text(), epoch: Epoch(try object.required("epoch").integer()),
            sandbox: try object.required("sandbox").text(),
            kind: SandboxRecord.Kind(lenient: try object.required("kind").string()),
            interface: try object.required("interface").string(),
            options: try object.required("options").object().dictionary { try $0.string() },
            links: try object.required("links").object().dictionary { try $0.text() })
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

    public static func == (left: Self, right: Self) -> Bool { left.kept === right.kept || left.kept.fields == right.kept.fields }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kept.fields)
    }

    public func address(_ family: IPFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }
}
