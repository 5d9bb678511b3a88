import FoundationEssentials
import TestSupport

/// An authority and a certificate of 127.0.0.1 that it has signed, for server and client. Dropping it removes the files.
final class TestCertificates {
    private let folder: String
    var authority: String { folder + "/ca.pem" }
    var certificate: String { folder + "/cert.pem" }
    var key: String { folder + "/key.pem" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path() + "/skein-tls-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test -days 2 -keyout ca-key.pem -out ca.pem")
        try openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out request.pem")
        try Data("subjectAltName=IP:127.0.0.1\n".utf8).write(to: URL(filePath: folder + "/names"))
        try openssl("x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out cert.pem")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func openssl(_ arguments: String) throws {
        try runCommand(["sh", "-c", "cd '\(folder)' && exec openssl \(arguments)"], log: folder + "/log")
    }
}
