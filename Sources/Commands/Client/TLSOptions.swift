import ArgumentParser

/// Docker's flags for TLS with a daemon on TCP.
struct TLSOptions: ParsableArguments {
    @Flag(name: .customLong("tlsverify"), help: "Speak TLS on TCP.") var isVerifying = false
    @Option(name: .customLong("tlscacert"), help: "The authority of the daemon's certificate.") var authorities: String?
    @Option(name: .customLong("tlscert"), help: "The certificate to show.") var certificate: String?
    @Option(name: .customLong("tlskey"), help: "Its private key.") var key: String?

    static let flag = "--tlsverify"
    static let fileFlags = ["--tlscacert", "--tlscert", "--tlskey"]

    var choice: TLSChoice {
        TLSChoice(isVerifying: isVerifying, authorities: authorities, certificate: certificate, key: key)
    }
}
