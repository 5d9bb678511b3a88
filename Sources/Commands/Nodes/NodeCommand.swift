import ArgumentParser
import WorkerAPI

/// `skein node`.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Look at the nodes of the cluster", subcommands: [NodeList.self, NodeInspect.self, NodeRemove.self])
}

/// `skein node ls`.
struct NodeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List nodes", aliases: ["list"])

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var list: ListOptions

    func run() async throws {
        let format = try list.listFormat(Self.style)
        let nodes = try await daemon.client().get(APITarget("skein", "v1", "nodes"), as: [NodeResource].self)
        Console.print(try format.render(nodes.map { Self.row($0, isTruncated: !list.isUntruncated) }))
    }

    static let style = ListFormat.Style(
        table: "{{.ID}}\t{{.Hostname}}\t{{.Status}}\t{{.VTEP}}\t{{.Sandboxes}}\t{{.Endpoints}}\t{{.Version}}", quiet: "{{.ID}}",
        captions: TemplateRecord([
            "Advertise": "ADVERTISE", "Endpoints": "ENDPOINTS", "Hostname": "HOSTNAME", "ID": "NODE ID", "Sandboxes": "SANDBOXES",
            "Status": "STATUS", "VTEP": "VTEP", "Version": "VERSION",
        ]))

    private static func row(_ node: NodeResource, isTruncated: Bool) -> TemplateRecord {
        TemplateRecord([
            "Advertise": node.advertise, "Endpoints": String(node.endpoints), "Hostname": node.hostname,
            "ID": isTruncated ? String(node.id.prefix(12)) : node.id, "Sandboxes": String(node.sandboxes),
            "Status": node.status.rawValue, "VTEP": node.vtep, "Version": node.version,
        ])
    }
}

/// `skein node inspect`.
struct NodeInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Show nodes as JSON")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: FormatOption
    @Argument(help: "Hostnames or ids.", completion: NameCompletion.nodes) var nodes: [String]

    func run() async throws {
        let client = try daemon.client()
        try await SeveralTargets.inspect(nodes, format: output.format) { node in
            try TemplateValue(encoding: try await client.get(APITarget("skein", "v1", "nodes", node), as: NodeResource.self))
        }
    }
}

/// `skein node rm`.
struct NodeRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget nodes that will not come back",
        discussion:
            "Frees at once what the node held, which a controller would do after its --node-grace. A node that is alive is refused.",
        aliases: ["remove"])

    @OptionGroup var daemon: DaemonOptions
    @Argument(help: "Ids or hostnames.", completion: NameCompletion.nodes) var nodes: [String]

    func run() async throws {
        let client = try daemon.client()
        try await SeveralTargets.each(nodes) { node in
            try await client.delete(APITarget("skein", "v1", "nodes", node))
            Console.print(node + "\n")
        }
    }
}
