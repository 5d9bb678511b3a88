import ArgumentParser
import EngineAPI
import NetworkModel

/// `skein network connect`.
struct NetworkConnect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Attach a sandbox, on whatever node it is, to a network")

    @OptionGroup var daemon: DaemonOptions
    @Option(name: .customLong("alias"), help: "A further name on this network.") var aliases: [String] = []
    @Option(
        name: .customLong("driver-opt"), help: ArgumentHelp("An option of the endpoint; none is supported yet.", valueName: "key=value"))
    var driverOptions: [String] = []
    @Option(
        name: .customLong("gw-priority"), parsing: .unconditional, help: "Not supported yet: the lowest interface has the default route.")
    var gatewayPriority: Int?
    @Option(help: ArgumentHelp("An IPv4 address of a subnet that a user chose.", valueName: "address")) var ip: String?
    @Option(help: ArgumentHelp("The same for IPv6.", valueName: "address")) var ip6: String?
    @Option(name: .customLong("link"), help: "Not supported: use --alias.") var links: [String] = []
    @Option(name: .customLong("link-local-ip"), help: ArgumentHelp("Not supported yet.", valueName: "address"))
    var linkLocalAddresses: [String] = []

    @Argument(help: "The network's name or id.", completion: NameCompletion.networks) var network: String
    @Argument(help: "The sandbox's name or id.", completion: NameCompletion.sandboxes) var sandbox: String

    func run() async throws {
        let body = NetworkConnectBody(container: sandbox, endpointConfig: try settings())
        try await daemon.client().post(APITarget("networks", network, "connect"), body)
    }

    /// What is not supported goes along: the daemon refuses it by its name.
    private func settings() throws -> EndpointSettings {
        if let option = driverOptions.commaSeparated.first(where: { !$0.contains("=") }) {
            throw CommandFault(.invalid, "invalid driver option \"\(option)\": it must be like key=value")
        }
        let locals = linkLocalAddresses.commaSeparated
        var settings = EndpointSettings()
        settings.addresses = EndpointSettings.Addresses(ipv4Address: ip, ipv6Address: ip6, linkLocalIPs: locals.isEmpty ? nil : locals)
        settings.aliases = aliases.commaSeparated
        settings.links = links
        settings.driverOptions = KeyValues.read(driverOptions.commaSeparated)
        settings.gatewayPriority = gatewayPriority
        return settings
    }
}
