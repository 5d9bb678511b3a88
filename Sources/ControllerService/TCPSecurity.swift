import DaemonKit
import NetworkModel
import SecureServing

/// How whatever listens on TCP knows its clients.
enum TCPSecurity: Hashable, Sendable {
    case certificates(ServerTLSFiles)
    /// Not at all.
    case open

    /// - Parameter listeners: what listens on TCP.
    /// - Returns: nil if nothing does.
    /// - Throws: ``NetworkModel/InvalidValue`` if something would listen on TCP and the flags do not say how.
    init?(_ flags: TLSFlags, for listeners: [ListenAddress]) throws(InvalidValue) {
        let files = try TCPSecurity.files(flags)
        guard files == nil || !flags.insecureTcp else {
            throw InvalidValue("--insecure-tcp goes without TLS, and --tlsverify, --tlscacert, --tlscert and --tlskey ask for it: give one")
        }
        guard let listener = listeners.first else { return nil }
        if let files {
            self = .certificates(files)
        } else if flags.insecureTcp {
            self = .open
        } else {
            throw InvalidValue(
                """
                whoever reaches \(listener) would control the cluster: give --tlscacert, --tlscert and --tlskey, with certificates that \
                skein tls init and skein tls issue make, or --insecure-tcp to go without TLS
                """)
        }
    }

    private static func files(_ flags: TLSFlags) throws(InvalidValue) -> ServerTLSFiles? {
        let given = [("--tlscacert", flags.authorities), ("--tlscert", flags.certificate), ("--tlskey", flags.key)]
        if let authorities = flags.authorities, let certificate = flags.certificate, let key = flags.key {
            return ServerTLSFiles(authorities: authorities, certificate: certificate, key: key)
        }
        guard flags.isVerifying || given.contains(where: { $0.1 != nil }) else { return nil }
        let missing = given.filter { $0.1 == nil }.map(\.0).joined(separator: ", ")
        throw InvalidValue(
            "\(missing) is missing: TLS needs all of \(given.map(\.0).joined(separator: ", ")); skein tls issue makes the files")
    }
}
