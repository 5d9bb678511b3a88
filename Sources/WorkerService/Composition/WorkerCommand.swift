public import ArgumentParser
import DaemonKit
import NetworkModel

/// The command line of `skein-worker`.
public struct WorkerCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "skein-worker",
        abstract: "Joins this host to the cluster: its sandboxes get the cluster's networks and names.",
        discussion: """
            It listens on unix sockets only. What it has made in the kernel stays when it ends; started again, it is the same node with \
            the same endpoints. A node that has never joined gives up when the store does not answer; one that has waits for it.
            """,
        version: "skein-worker \(SkeinVersion.current)")

    @OptionGroup var cluster: ClusterFlags

    @Option(
        help: ArgumentHelp(
            "The address that the other hosts send this one's traffic to, or the device that has it, and a port: eth0:2376.",
            valueName: "address:port"))
    var clusterAdvertise: String?

    @Option(help: ArgumentHelp("Where the node keeps who it is and its local networks.", valueName: "path"))
    var stateDir = "/var/lib/skein"

    @Option(help: ArgumentHelp("The unix socket to serve on.", valueName: "path"))
    var socket = "/run/skein/worker.sock"

    /// Docker's word for ``socket``.
    @Option(name: [.customShort("H"), .long], help: .hidden) var host: String?

    @Option(
        help: ArgumentHelp(
            "The container engine of this host, whose containers get the cluster's networks; none for no engine.", valueName: "url"))
    var engine = "unix:///var/run/docker.sock"

    @Option(
        help: ArgumentHelp("The unix socket on which the engine finds the network driver and IPAM driver \"skein\".", valueName: "path"))
    var pluginSocket = "/run/docker/plugins/skein.sock"

    @Option(help: ArgumentHelp("The UDP port of VXLAN, the same on all hosts.", valueName: "port"))
    var vxlanPort = 4789

    public init() {}

    public func run() async throws {
        do {
            let options = try WorkerOptions(self)
            Daemon.prepare()
            let logger = Daemon.logger("skein-worker", level: options.logLevel)
            let host = try WorkerHost(options, .host(logger: logger))
            try await Daemon.run(try host.services(), logger: logger)
        } catch {
            Daemon.exit(with: error, name: "skein-worker")
        }
    }
}
