import ArgumentParser
import NetworkModel
import WorkerAPI

/// `skein port`.
struct PortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port", abstract: "List the ports of this host that lead to containers",
        discussion: """
            Engines do not show the ports that a plug-in publishes: docker ps and docker port leave them out.

              skein port web
              skein port --format '{{.HostPort}}' web
            """)

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var list: ListOptions
    @Argument(help: "Names or ids of containers; all without one.") var containers: [String] = []

    func run() async throws {
        let format = try list.listFormat(Self.style)
        let ports = try await daemon.client().get(APITarget("skein", "v1", "ports"), as: [PublishedPortResource].self)
        for container in containers where !ports.contains(where: { Self.isMeant($0, by: container) }) {
            throw CommandFault(.notFound, "\(container) has no published ports on a network of Skein's on this host")
        }
        let meant = containers.isEmpty ? ports : containers.flatMap { container in ports.filter { Self.isMeant($0, by: container) } }
        Console.print(try format.render(meant.map { Self.row($0, isTruncated: !list.isUntruncated) }))
    }

    /// By the name without case, as DNS has it, or a prefix of the container's id.
    private static func isMeant(_ port: PublishedPortResource, by term: String) -> Bool {
        port.name.lowercased() == term.lowercased() || !term.isEmpty && port.sandbox.hasPrefix(term)
    }

    static let style = ListFormat.Style(
        table: "{{.Name}}\t{{.Network}}\t{{.Port}}\t{{.Published}}", quiet: "{{.Published}}",
        captions: TemplateRecord([
            "ContainerID": "CONTAINER ID", "HostIP": "HOST IP", "HostPort": "HOST PORT", "Name": "NAME", "Network": "NETWORK",
            "Port": "PORT", "Published": "PUBLISHED",
        ]))

    private static func row(_ port: PublishedPortResource, isTruncated: Bool) -> TemplateRecord {
        // As docker port writes them.
        let address = port.hostAddress.isEmpty ? "0.0.0.0" : port.hostAddress
        return TemplateRecord([
            "ContainerID": isTruncated ? String(port.sandbox.prefix(12)) : port.sandbox, "HostIP": address,
            "HostPort": String(port.hostPort), "Name": port.name, "Network": port.network, "Port": "\(port.port)/\(port.transport)",
            "Published": address.contains(":") ? "[\(address)]:\(port.hostPort)" : "\(address):\(port.hostPort)",
        ])
    }
}
