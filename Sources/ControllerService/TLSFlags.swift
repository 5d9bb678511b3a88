import ArgumentParser

/// Docker's flags for TLS on TCP, and the one to go without.
struct TLSFlags: ParsableArguments {
    @Flag(name: .customLong("tlsverify"), help: "Serve TCP over TLS, to clients with a certificate; the three files say so as well.")
    var isVerifying = false

    @Option(
        name: .customLong("tlscacert"),
        help: ArgumentHelp("The authority whose certificates clients on TCP must show, as a PEM file.", valueName: "path"))
    var authorities: String?

    @Option(name: .customLong("tlscert"), help: ArgumentHelp("The certificate that is served on TCP, as a PEM file.", valueName: "path"))
    var certificate: String?

    @Option(name: .customLong("tlskey"), help: ArgumentHelp("Its private key, as a PEM file.", valueName: "path"))
    var key: String?

    @Flag(help: "Serve TCP without TLS: whoever reaches the port controls the cluster.")
    var insecureTcp = false
}
