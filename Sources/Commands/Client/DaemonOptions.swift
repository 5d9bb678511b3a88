import ArgumentParser
import Glibc

/// The option that every command has which asks a daemon.
struct DaemonOptions: ParsableArguments {
    @Option(
        name: [.customShort("H"), .customLong("host")],
        help: ArgumentHelp(
            "The daemon to ask, as unix:///PATH or tcp://HOST:PORT (default: $SKEIN_HOST or \(DaemonAddress.standard)).",
            valueName: "address"))
    var host: String?

    @OptionGroup(visibility: .hidden) var tls: TLSOptions

    /// What stands before the first verb, as in `skein -H tcp://10.0.0.5:2376 --tlsverify network ls`.
    @TaskLocal static var leading = LeadingOptions()

    func client() throws -> DaemonClient { try Self.client(host, tls.choice) }

    /// Asks the daemon that is given, else the one before the verb, else the environment's, else the worker.
    static func client(_ host: String?, _ tls: TLSChoice) throws -> DaemonClient {
        let environment = Environment()
        let text = host ?? leading.host ?? environment[DaemonAddress.variable] ?? DaemonAddress.standard
        let tls = tls.over(leading.tls)
        let address = try DaemonAddress(text, isSecure: tls.isWanted(environment))
        guard case .tcp(_, isSecure: true) = address else { return try DaemonClient(address) }
        return try DaemonClient(address, tls: try tls.files(environment))
    }
}

/// What stands before the first verb.
struct LeadingOptions: Sendable {
    var host: String?
    var tls = TLSChoice()
}

/// The process's variables. One that is empty is not set, as Docker takes it.
struct Environment {
    private let value: (String) -> String?

    init(_ value: @escaping (String) -> String? = { getenv($0).map { String(cString: $0) } }) {
        self.value = value
    }

    subscript(_ name: String) -> String? {
        value(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}
