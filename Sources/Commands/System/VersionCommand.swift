import ArgumentParser
import EngineAPI
import NetworkModel

/// `skein version`.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the versions of skein and of the daemon",
        discussion: "  skein version -f '{{.Server.Version}}'")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: FormatOption

    func run() async throws {
        let format = try output.format.map { try InspectFormat($0) }
        var report = VersionReport()
        var failure: CommandFault?
        do {
            report.server = try await daemon.client().get(APITarget("version"), as: VersionBody.self)
        } catch let fault as CommandFault {
            failure = fault
        }
        Console.print(try format?.render(try TemplateValue(encoding: report)) ?? report.text)
        // As in Docker: the client's version is shown all the same.
        if let failure { throw failure }
    }
}

/// What `skein version` shows.
private struct VersionReport: Encodable {
    struct Client: Encodable {
        let version = SkeinVersion.current

        enum CodingKeys: String, CodingKey {
            case version = "Version"
        }
    }

    let client = Client()
    var server: VersionBody?

    enum CodingKeys: String, CodingKey {
        case client = "Client"
        case server = "Server"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(client, forKey: .client)
        try container.encode(server, forKey: .server)
    }

    var text: String {
        var lines = ["Client:", " Version:      \(client.version)"]
        if let server {
            lines += [
                "", "Server: \(server.platform.name)", " Version:      \(server.version)",
                " API version:  \(server.apiVersion) (minimum version \(server.minimumAPIVersion))",
                " OS/Arch:      \(server.os)/\(server.architecture)", " Kernel:       \(server.kernelVersion)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
