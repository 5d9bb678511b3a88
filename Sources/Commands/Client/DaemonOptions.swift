import ArgumentParser
import Glibc
import NetworkModel

/// The option that every command has which asks a daemon.
struct DaemonOptions: ParsableArguments {
    @Option(
        name: [.customShort("H"), .customLong("host")],
        help: ArgumentHelp(
            "The daemon to ask, as unix:///PATH or tcp://HOST:PORT (default: $SKEIN_HOST or \(DaemonAddress.standard)).",
            valueName: "address"))
    var host: String?

    /// What stands before the first verb, as in `skein -H tcp://10.0.0.5:2375 network ls`.
    @TaskLocal static var leadingHost: String?

    func client() throws -> DaemonClient {
        try DaemonClient(try Self.address(host))
    }

    /// The daemon's address: what is given, else what stands before the verb, else the environment's, else the worker's.
    static func address(_ given: String?) throws(InvalidValue) -> DaemonAddress {
        let environment = getenv(DaemonAddress.variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        return try DaemonAddress(given ?? leadingHost ?? environment ?? DaemonAddress.standard)
    }
}
