import ArgumentParser
import EngineAPI
import NetworkModel

/// `skein network create`.
struct NetworkCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a network and print its id",
        discussion: """
            Without options it is an overlay over all nodes, with a free /24 of 10.0.0.0/8. A bridge is a network of this host alone.

              skein network create multi
              skein network create --subnet 10.5.0.0/16 --ip-range 10.5.8.0/24 wide
              skein network create -d bridge frontend
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Kept and shown; every network can be attached to.") var attachable = false
    @Option(name: .customLong("aux-address"), help: ArgumentHelp("An address to keep free.", valueName: "name=address"))
    var auxiliaryAddresses: [String] = []
    @Option(name: .customLong("config-from"), help: ArgumentHelp("Not supported yet.", valueName: "network")) var configFrom: String?
    @Flag(name: .customLong("config-only"), help: "Not supported yet.") var isConfigOnly = false
    @Option(
        name: [.customShort("d"), .customLong("driver")], help: "overlay (default) or bridge.", completion: .list(["overlay", "bridge"]))
    var driver: String?
    @Option(name: .customLong("gateway"), help: ArgumentHelp("The gateway's address in a subnet.", valueName: "address"))
    var gateways: [String] = []
    @Flag(help: "Not supported: there is no routing mesh.") var ingress = false
    @Flag(help: "No way out of the network.") var `internal` = false
    @Option(name: .customLong("ip-range"), help: ArgumentHelp("Give out addresses of this part of a subnet.", valueName: "cidr"))
    var ranges: [String] = []
    @Option(name: .customLong("ipam-driver"), help: ArgumentHelp("default, or null for no addresses.", valueName: "driver"))
    var ipamDriver = "default"
    @Option(name: .customLong("ipam-opt"), help: ArgumentHelp("An option of the address management.", valueName: "key=value"))
    var ipamOptions: [String] = []
    @Flag(inversion: .prefixedNo, help: "Give out IPv4 addresses.") var ipv4: Bool?
    @Flag(inversion: .prefixedNo, help: "Give out IPv6 addresses.") var ipv6: Bool?
    @Option(name: .customLong("label"), help: ArgumentHelp("Metadata.", valueName: "key=value")) var labels: [String] = []
    @Option(name: [.customShort("o"), .customLong("opt")], help: ArgumentHelp("An option of the driver.", valueName: "key=value"))
    var options: [String] = []
    @Option(help: "local or global; the driver's own by default.", completion: .list(["local", "global"])) var scope: String?
    @Option(name: .customLong("subnet"), help: ArgumentHelp("A subnet; several make one network of them.", valueName: "cidr"))
    var subnets: [String] = []

    @Argument(help: "The network's name.") var name: String

    func run() async throws {
        let created = try await daemon.client().post(APITarget("networks", "create"), try body(), as: NetworkCreateAnswer.self)
        if !created.warning.isEmpty { Console.printError("WARNING: \(created.warning)\n") }
        Console.print(created.id + "\n")
    }

    private func body() throws -> NetworkCreateBody {
        var body = NetworkCreateBody(name: name)
        body.driver = driver ?? ""
        body.scope = try networkScope()
        body.enableIPv4 = ipv4
        body.enableIPv6 = ipv6
        let plan = SubnetPlan(
            subnets: subnets.commaSeparated, ranges: ranges.commaSeparated, gateways: gateways.commaSeparated,
            auxiliaryAddresses: KeyValues.read(auxiliaryAddresses))
        body.ipam = IPAMResource(driver: ipamDriver, options: KeyValues.read(ipamOptions), config: try plan.resources())
        body.isInternal = `internal`
        body.isAttachable = attachable
        body.isIngress = ingress
        body.isConfigOnly = isConfigOnly
        body.configFrom = configFrom.map { ConfigReference(network: $0) }
        body.options = KeyValues.read(options)
        body.labels = KeyValues.read(labels)
        return body
    }

    /// Docker's command line sends `bridge` by itself, so a daemon takes that for its default; the scope says that a user meant it.
    private func networkScope() throws -> String {
        guard driver == "bridge" else { return scope ?? "" }
        guard let scope, scope != "local" else { return "local" }
        throw CommandFault(.invalid, "a bridge is a local network: leave --scope \(scope) out, or take the driver overlay")
    }
}
