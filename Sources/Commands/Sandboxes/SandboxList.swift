import ArgumentParser
import WorkerAPI

/// `skein sandbox ls`.
struct SandboxList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List sandboxes: a worker knows those of its host, a controller those of all nodes", aliases: ["list"])

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var list: ListOptions

    func run() async throws {
        let format = try list.listFormat(Self.style)
        let sandboxes = try await daemon.client().get(APITarget("skein", "v1", "sandboxes"), as: [SandboxResource].self)
        let rows = sandboxes.sorted { NaturalOrder.isLess($0.name, $1.name) }.map { Self.row($0, isTruncated: !list.isUntruncated) }
        Console.print(try format.render(rows))
    }

    static let style = ListFormat.Style(
        table: "{{.ID}}\t{{.Name}}\t{{.Node}}\t{{.Networks}}\t{{.Addresses}}", quiet: "{{.ID}}",
        captions: TemplateRecord(
            [
                "Addresses": "ADDRESSES", "CreatedAt": "CREATED AT", "ID": "SANDBOX ID", "Kind": "KIND", "Labels": "LABELS",
                "Name": "NAME", "Networks": "NETWORKS", "Node": "NODE",
            ], lookups: ["Label": [:]]))

    private static func row(_ sandbox: SandboxResource, isTruncated: Bool) -> TemplateRecord {
        let node = sandbox.node
        return TemplateRecord(
            [
                "Addresses": sandbox.networks.flatMap(\.addresses).joined(separator: ", "), "CreatedAt": GoTime.text(sandbox.created),
                "ID": isTruncated ? String(sandbox.id.prefix(12)) : sandbox.id, "Kind": sandbox.kind, "Labels": sandbox.labels.labelText,
                "Name": sandbox.name, "Networks": sandbox.networks.map(\.name).joined(separator: ", "),
                "Node": node.hostname.isEmpty ? String(node.id.prefix(12)) : node.hostname,
            ], lookups: ["Label": sandbox.labels])
    }
}
