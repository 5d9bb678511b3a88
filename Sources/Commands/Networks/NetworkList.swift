import ArgumentParser
import EngineAPI

/// `skein network ls`.
struct NetworkList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List networks", aliases: ["list"])

    @OptionGroup var daemon: DaemonOptions
    @Option(
        name: [.customShort("f"), .customLong("filter")],
        help: ArgumentHelp("List only those: driver, id, label, name, scope, type or dangling.", valueName: "name=value"))
    var filters: [String] = []
    @OptionGroup var list: ListOptions

    func run() async throws {
        let format = try list.listFormat(Self.style)
        let target = APITarget("networks", query: try FilterFlags.query(filters))
        let networks = try await daemon.client().get(target, as: [NetworkResource].self)
        let rows = networks.sorted { NaturalOrder.isLess($0.name, $1.name) }.map { Self.row($0, isTruncated: !list.isUntruncated) }
        Console.print(try format.render(rows))
    }

    static let style = ListFormat.Style(
        table: "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", quiet: "{{.ID}}",
        captions: TemplateRecord(
            [
                "CreatedAt": "CREATED AT", "Driver": "DRIVER", "ID": "NETWORK ID", "IPv4": "IPV4", "IPv6": "IPV6",
                "Internal": "INTERNAL", "Labels": "LABELS", "Name": "NAME", "Scope": "SCOPE",
            ], lookups: ["Label": [:]]))

    /// The fields are those of Docker's, in the order in which it prints them as JSON.
    private static func row(_ network: NetworkResource, isTruncated: Bool) -> TemplateRecord {
        TemplateRecord(
            [
                "CreatedAt": GoTime.text(network.created), "Driver": network.driver,
                "ID": isTruncated ? String(network.id.prefix(12)) : network.id, "IPv4": String(network.enableIPv4),
                "IPv6": String(network.enableIPv6), "Internal": String(network.isInternal), "Labels": network.labels.labelText,
                "Name": network.name, "Scope": network.scope,
            ], lookups: ["Label": network.labels])
    }
}
