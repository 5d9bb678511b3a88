import ArgumentParser

/// `skein tls`.
struct TLSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls", abstract: "Make the certificates of a cluster",
        discussion: """
            The files have Docker's names: ca.pem, cert.pem and key.pem in a folder are what DOCKER_CERT_PATH or SKEIN_CERT_PATH asks for. \
            Whoever has ca-key.pem can make certificates: keep it off the hosts.
            """,
        subcommands: [TLSInit.self, TLSIssue.self, TLSRenew.self])
}

/// Where the authority is.
struct AuthorityOption: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the authority, with ca.pem and ca-key.pem.", valueName: "path"))
    var ca = "ca"
}

/// `skein tls init`.
struct TLSInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an authority, which vouches for everybody in the cluster")

    @OptionGroup var authority: AuthorityOption
    @Option(help: "What the authority is called.") var name = "skein cluster"
    @Option(help: "How long it is valid.") var days = 3650

    func run() async throws {
        Console.print(try CertificateDesk.ofHost.found(authority.ca, name: name, days: days))
    }
}

/// `skein tls issue`.
struct TLSIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Make a certificate for a host, or for a client",
        discussion: """
            A host's certificate names everything that others call it: its names and addresses; localhost is added. It serves and it calls: \
            skein-controller, skein-worker and the members of an etcd or Consul cluster use it. With --client it calls only. Any of them \
            can do anything in the cluster.
            """)

    @OptionGroup var authority: AuthorityOption
    @Option(help: ArgumentHelp("The folder to make. (default: the first name)", valueName: "path")) var out: String?
    @Flag(help: "A certificate that only calls, for a person or a program.") var client = false
    @Flag(help: "Write the name as an organization's: an etcd with users takes no certificate with a common name.") var noCommonName = false
    @Option(help: "How long it is valid.") var days = 365
    @Argument(help: "What the certificate is called, and the other names and addresses of the host.") var names: [String]

    func run() async throws {
        let request = try CertificateDesk.request(names, isClient: client, hasCommonName: !noCommonName)
        Console.print(try CertificateDesk.ofHost.issue(request, from: authority.ca, to: out, days: days))
    }
}

/// `skein tls renew`.
struct TLSRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Make certificates anew that say the same, for a new time",
        discussion: """
            The key stays unless --new-key is given, so that whoever reads the files meanwhile finds a pair that fits. ca.pem is brought up to \
            date. Daemons take the new files up by themselves.
            """)

    @OptionGroup var authority: AuthorityOption
    @Flag(help: "Make a new key as well.") var newKey = false
    @Option(help: "How long they are valid.") var days = 365
    @Argument(help: "Folders with cert.pem and key.pem.") var folders: [String]

    func run() async throws {
        try await SeveralTargets.each(folders) { folder in
            Console.print(try CertificateDesk.ofHost.renew(folder, from: authority.ca, hasNewKey: newKey, days: days))
        }
    }
}
