public import ArgumentParser
import DaemonKit
import NetworkModel

/// The command line of `skein-controller`.
public struct ControllerCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "skein-controller",
        abstract: "The cluster's face: networks, nodes and endpoints over the Docker Engine API; it keeps no state.",
        discussion: """
            With embedded:///PATH the cluster's records are in a file of this process, and it serves them to the workers and to other \
            controllers, which name it with etcd://THIS-HOST:2379. With etcd://HOST:PORT[,HOST:PORT…][/PATH] any number of controllers \
            may run, and any may be killed.

            On TCP, the API and an embedded store are served over TLS, to clients with a certificate of the cluster's authority: skein tls \
            makes them. The files are looked at with each new connection: renewed ones need no restart.
            """,
        version: "skein-controller \(SkeinVersion.current)")

    @OptionGroup var cluster: ClusterFlags

    @Option(
        name: [.customShort("H"), .customLong("host")], parsing: .singleValue,
        help: ArgumentHelp(
            "Where to serve: unix:///PATH or tcp://ADDRESS:PORT; may be repeated. (default: unix:///run/skein/controller.sock)",
            valueName: "address"))
    var hosts: [String] = []

    @Option(
        help: ArgumentHelp("Where to serve an embedded store to the other hosts. (default: 0.0.0.0:2379)", valueName: "address:port"))
    var storeListen: String?

    @OptionGroup var tls: TLSFlags

    @Option(help: ArgumentHelp("How long what a dead node holds is kept for its return.", valueName: "seconds"))
    var nodeGrace = 60

    public init() {}

    public func run() async throws {
        do {
            let options = try ControllerOptions(self)
            Daemon.prepare()
            let logger = Daemon.logger("skein-controller", level: options.logLevel)
            try await Daemon.run(try Controller(options, .host(logger: logger)).services, logger: logger)
        } catch {
            Daemon.exit(with: error, name: "skein-controller")
        }
    }
}
