import ArgumentParser
import DaemonKit
import DriverAPI
import Hummingbird
import Logging
import NetworkModel

/// Serves an ``IdleDriver`` to an engine until it is ended.
struct IdleDriverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle-driver", abstract: "Serve a Docker network and IPAM driver that does nothing, until ended.")

    @Argument(help: "The socket, in a folder where the engine looks for plug-ins.") var socket: String
    @Option(help: "What the names of the devices begin with that are handed out: each ends in a number from 0 on.") var devices = "idle"
    @Option(help: "The pool of its one network.") var pool = "10.77.0.0/16"

    func run() async throws {
        Daemon.prepare()
        let logger = Daemon.logger("skein-bench", level: .warning)
        let driver = IdleDriver(devicePrefix: devices, pool: try Subnet(pool))
        let routes = DriverRoutes(networks: driver, addresses: driver, clock: ContinuousClock())
        let server = APIServer(
            routes.router().buildResponder(), at: try ListenAddress("unix://\(socket)"), clock: ContinuousClock(), logger: logger)
        try await Daemon.run([server], logger: logger)
    }
}
