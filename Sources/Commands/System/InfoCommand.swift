import ArgumentParser
import EngineAPI
import NetworkModel
import WorkerAPI

/// `skein info`.
struct InfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show how the daemon and the cluster do",
        discussion: "  skein info -f '{{.Healthy}}'")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: FormatOption

    func run() async throws {
        let format = try output.format.map { try InspectFormat($0) }
        let client = try daemon.client()
        let status = try await client.get(APITarget("skein", "v1", "status"), as: StatusResource.self)
        var report = InfoReport(status, try await client.get(APITarget("info"), as: InfoBody.self))
        do {
            report.nodes = try await client.get(APITarget("skein", "v1", "nodes"), as: [NodeResource].self)
        } catch let fault as CommandFault {
            if report.warnings.isEmpty { report.warnings.append("the nodes are not known: \(fault.message)") }
        }
        guard let format else { return report.show(address: client.address) }
        Console.print(try format.render(try TemplateValue(encoding: report)))
    }
}

/// What `skein info` shows.
struct InfoReport: Encodable {
    var role: String
    var isHealthy: Bool
    var hostname: String
    var version: String
    var node: String?
    var store: String
    var storeFault: String?
    var dataplaneFault: String?
    var nodes: [NodeResource] = []
    var operatingSystem: String
    var kernelVersion: String
    var architecture: String
    var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case role = "Role"
        case isHealthy = "Healthy"
        case hostname = "Hostname"
        case version = "Version"
        case node = "Node"
        case store = "Store"
        case storeFault = "StoreFault"
        case dataplaneFault = "DataplaneFault"
        case nodes = "Nodes"
        case operatingSystem = "OperatingSystem"
        case kernelVersion = "KernelVersion"
        case architecture = "Architecture"
        case warnings = "Warnings"
    }

    init(_ status: StatusResource, _ info: InfoBody) {
        role = status.role
        isHealthy = status.isHealthy
        hostname = info.name
        version = info.serverVersion
        node = status.node
        store = status.store
        storeFault = status.storeFault
        dataplaneFault = status.dataplaneFault
        operatingSystem = info.operatingSystem
        kernelVersion = info.kernelVersion
        architecture = info.architecture
        warnings = info.warnings
    }

    func show(address: DaemonAddress) {
        var lines = [
            "Daemon: \(role) at \(address)", "Hostname: \(hostname)", "Version: \(version)", "Node: \(node ?? "none")",
            "Cluster Store: \(store)", " Status: \(storeFault ?? "ok")",
        ]
        if role == "worker" { lines.append("Data Plane: \(dataplaneFault ?? "ok")") }
        lines.append("Nodes: \(nodes.count)")
        for node in nodes {
            let name = node.hostname.isEmpty ? String(node.id.prefix(12)) : node.hostname
            lines.append(" \(name): \(node.status.rawValue), VTEP \(node.vtep), sandboxes \(node.sandboxes), endpoints \(node.endpoints)")
        }
        lines += ["Operating System: \(operatingSystem)", "Kernel Version: \(kernelVersion)", "Architecture: \(architecture)"]
        Console.print(lines.joined(separator: "\n") + "\n")
        // Docker's daemon writes the word itself.
        for warning in warnings { Console.printError("\(warning)\n") }
    }
}
