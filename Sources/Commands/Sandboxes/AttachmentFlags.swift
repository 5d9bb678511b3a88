import ArgumentParser
import NetworkModel
import WorkerAPI

/// The flags that attach a new sandbox to networks.
struct AttachmentFlags: ParsableArguments {
    @Option(
        name: [.customLong("net"), .customLong("network")],
        help: ArgumentHelp(
            "A network to attach it to; several become eth0, eth1 …",
            discussion: "With options of its own as name=NET,ip=A,ip6=A,alias=N,mac-address=M.", valueName: "network"),
        completion: NameCompletion.networks)
    var networks: [String] = []
    @Option(help: ArgumentHelp("Its IPv4 address on the first network.", valueName: "address")) var ip: String?
    @Option(help: ArgumentHelp("Its IPv6 address on the first network.", valueName: "address")) var ip6: String?
    @Option(
        name: [.customLong("alias"), .customLong("network-alias")],
        help: ArgumentHelp("A further name on the first network.", valueName: "name"))
    var aliases: [String] = []
    @Option(name: .customLong("mac-address"), help: ArgumentHelp("Its MAC address on the first network.", valueName: "address"))
    var macAddress: String?
    @Option(name: [.customShort("l"), .customLong("label")], help: ArgumentHelp("Metadata.", valueName: "key=value"))
    var labels: [String] = []

    /// The body of the request for a sandbox.
    func body(name: String) throws -> SandboxCreateBody {
        let body = SandboxCreateBody(
            name: try EndpointName(name).rawValue, labels: KeyValues.read(labels),
            networks: try networks.map { try NetworkFlag($0).network })
        return try addingOptionsOfTheFirst(to: body)
    }

    private func addingOptionsOfTheFirst(to body: SandboxCreateBody) throws -> SandboxCreateBody {
        let addresses = [ip, ip6].compactMap { $0 }
        guard !addresses.isEmpty || !aliases.isEmpty || macAddress != nil else { return body }
        var body = body
        guard var first = body.networks?.first else {
            throw CommandFault(.invalid, "--ip, --ip6, --alias and --mac-address need a network: give --net")
        }
        first.addresses = (first.addresses ?? []) + addresses
        first.aliases = (first.aliases ?? []) + aliases.commaSeparated
        first.macAddress = macAddress ?? first.macAddress
        body.networks?[0] = first
        return body
    }
}

/// One `--net`: a name, or Docker's longer form `name=NET,ip=A,alias=N`.
struct NetworkFlag {
    let network: SandboxCreateBody.Network

    init(_ text: String) throws(CommandFault) {
        guard text.contains("=") else {
            network = SandboxCreateBody.Network(network: text)
            return
        }
        var network = SandboxCreateBody.Network(network: "")
        for item in text.split(separator: ",") {
            let (name, value) = KeyValues.pair(String(item))
            switch name {
            case "name": network.network = value
            case "ip", "ip6": network.addresses = (network.addresses ?? []) + [value]
            case "alias": network.aliases = (network.aliases ?? []) + [value]
            case "mac-address": network.macAddress = value
            case "driver-opt", "gw-priority", "link-local-ip":
                throw CommandFault(.unsupported, "option \"\(name)\" of --net is not supported yet")
            default: throw CommandFault(.invalid, "unknown option \"\(name)\" in --net \(text)")
            }
        }
        guard network.network?.isEmpty == false else { throw CommandFault(.invalid, "--net \(text) names no network: add name=NET") }
        self.network = network
    }
}
