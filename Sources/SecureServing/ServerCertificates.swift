import Glibc
public import Logging
import NIOSSL
import NetworkModel
import Synchronization

/// What a server shows and whom it trusts, as its files are at present.
public final class ServerCertificates: Sendable {
    private struct Loaded {
        var context: NIOSSLContext
        /// The files when they were last looked at, whether or not they could be used.
        var stamps: [FileStamp?]
    }

    private let files: ServerTLSFiles
    private let logger: Logger
    private let loaded: Mutex<Loaded>

    /// - Throws: ``ServerCertificateFault`` naming the file that cannot be used.
    public init(_ files: ServerTLSFiles, logger: Logger) throws(ServerCertificateFault) {
        self.files = files
        self.logger = logger
        // Before they are read: what changes in between is read again.
        let stamps = files.all.map(FileStamp.init)
        loaded = Mutex(Loaded(context: try Self.context(of: files), stamps: stamps))
        if let key = FileStamp(files.key), key.isOpenToOthers {
            logger.warning("everybody on this host can read the private key: chmod 0600 it", metadata: ["file": "\(files.key)"])
        }
    }

    /// For one new connection. It costs a look at three files, and their reading if one has changed.
    func current() -> NIOSSLContext {
        loaded.withLock { loaded in
            let stamps = files.all.map(FileStamp.init)
            guard stamps != loaded.stamps else { return loaded.context }
            loaded.stamps = stamps
            do throws(ServerCertificateFault) {
                loaded.context = try Self.context(of: files)
                logger.info("the certificates have changed and are in use", metadata: ["file": "\(files.certificate)"])
            } catch {
                logger.warning("the certificates have changed and cannot be used: those from before stay", metadata: ["cause": "\(error)"])
            }
            return loaded.context
        }
    }

    private static func context(of files: ServerTLSFiles) throws(ServerCertificateFault) -> NIOSSLContext {
        let authorities = try certificates(files.authorities)
        let chain = try certificates(files.certificate)
        guard let key = try? NIOSSLPrivateKey(file: files.key, format: .pem) else { throw unusable(files.key, "a private key") }
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key), trustRoots: .certificates(authorities))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A client that holds several certificates chooses by it.
        configuration.sendCANameList = true
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerCertificateFault(
                "\(files.key) is not the key of \(files.certificate), or they are of a kind that TLS has no use for")
        }
    }

    private static func certificates(_ file: String) throws(ServerCertificateFault) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw unusable(file, "certificates")
        }
        return certificates
    }

    private static func unusable(_ file: String, _ what: String) -> ServerCertificateFault {
        guard access(file, R_OK) == 0 else {
            return ServerCertificateFault("cannot read \(file): \(String(cString: strerror(errno)))")
        }
        return ServerCertificateFault("\(file) is not a PEM file of \(what)")
    }
}
