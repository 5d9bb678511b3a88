import Glibc
import HTTPTransport
import NetworkModel

/// Whether TLS is spoken with a daemon on TCP, and with which files: Docker's flags, and then the environment's variables, of which those
/// that begin with `SKEIN` come before Docker's.
struct TLSChoice: Hashable, Sendable {
    var isVerifying = false
    var authorities: String?
    var certificate: String?
    var key: String?

    /// These where they say something, and else the others.
    func over(_ others: TLSChoice) -> TLSChoice {
        TLSChoice(
            isVerifying: isVerifying || others.isVerifying, authorities: authorities ?? others.authorities,
            certificate: certificate ?? others.certificate, key: key ?? others.key)
    }

    func isWanted(_ environment: Environment) -> Bool {
        isVerifying || [authorities, certificate, key].contains { $0 != nil }
            || environment["SKEIN_TLS_VERIFY"] != nil || environment["DOCKER_TLS_VERIFY"] != nil
    }

    /// The files that are given, and of the others those in the folder of the environment, else in Docker's own.
    func files(_ environment: Environment) throws(CommandFault) -> TLSFiles {
        let folder = environment["SKEIN_CERT_PATH"] ?? environment["DOCKER_CERT_PATH"] ?? "\(environment["HOME"] ?? "")/.docker"
        return TLSFiles(
            caFile: try Self.readable(authorities ?? "\(folder)/ca.pem"),
            certificateFile: try Self.readable(certificate ?? "\(folder)/cert.pem"), keyFile: try Self.readable(key ?? "\(folder)/key.pem"))
    }

    private static func readable(_ file: String) throws(CommandFault) -> String {
        guard access(file, R_OK) == 0 else {
            throw CommandFault(
                errno == ENOENT ? .notFound : .forbidden,
                "cannot read \(file): \(String(cString: strerror(errno))); SKEIN_CERT_PATH or DOCKER_CERT_PATH names the folder of "
                    + "ca.pem, cert.pem and key.pem, which skein tls issue --client makes")
        }
        return file
    }
}
