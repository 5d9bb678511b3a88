import FoundationEssentials
import TestSupport

/// An authority, and certificates of 127.0.0.1 that it has signed, for servers and clients. Dropping it removes the files.
final class TestCertificates {
    private let folder: TemporaryFolder

    /// The authority's own certificate.
    var authority: String { folder.file("ca.pem") }
    var certificate: String { certificate(of: "cert") }
    var key: String { key(of: "cert") }

    /// Makes the authority and one certificate.
    init() async throws {
        folder = try TemporaryFolder()
        try await openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test -days 2 -keyout ca-key.pem -out ca.pem")
        try await issue("cert")
    }

    /// - Parameters:
    ///   - subject: in place of the common name.
    ///   - names: as OpenSSL's `subjectAltName`.
    ///   - days: how long it lasts; less than 0 for one that has expired.
    func issue(_ name: String, subject: String? = nil, names: String = "IP:127.0.0.1", days: Int = 2) async throws {
        try await openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj \(subject ?? "/CN=\(name)") -keyout \(name)-new-key.pem -out \(name)-request.pem"
        )
        try "subjectAltName=\(names)\n".write(toFile: folder.file("names"))
        try await openssl(
            "x509 -req -in \(name)-request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days \(days) -extfile names -out \(name)-new.pem"
        )
        // A renewal replaces the files.
        for file in [name, name + "-key"] {
            let new = folder.file(file.replacing(name, with: name + "-new") + ".pem")
            try Data(contentsOf: URL(filePath: new)).write(to: URL(filePath: folder.file(file + ".pem")), options: .atomic)
        }
    }

    func certificate(of name: String) -> String { folder.file(name + ".pem") }
    func key(of name: String) -> String { folder.file(name + "-key.pem") }

    /// A file with some text.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: folder.file(name))
        return folder.file(name)
    }

    /// Copies a key with a passphrase.
    func encryptedKey(of name: String) async throws -> String {
        try await openssl("ec -in \(name)-key.pem -aes256 -passout pass:secret -out \(name)-encrypted.pem")
        return folder.file(name + "-encrypted.pem")
    }

    private func openssl(_ arguments: String) async throws {
        try await runToEnd(["sh", "-c", "cd '\(folder.path)' && exec openssl \(arguments)"], log: folder.file("log"))
    }
}
