import ClusterAuthority
import FoundationEssentials
import HTTPTransport
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import SecureServing

@Suite struct `Renewed certificates` {
    private let certificates: Certificates

    init() throws {
        certificates = try Certificates()
    }

    @Test func `are in use from the next connection on`() async throws {
        let files = try certificates.server()
        let client = try certificates.client()
        try await serving(files) { server in
            _ = try await server.ask(client)
            let before = try await shownSerial(server)
            _ = try certificates.server()
            #expect(try await shownSerial(server) != before)
            #expect(try await server.ask(client).status == 200)
            #expect(server.log.lines(.info).contains { $0.contains("in use") })
        }
    }

    @Test func `of another authority take the former clients' trust away`() async throws {
        let files = try certificates.server()
        let client = try certificates.client()
        let other = try Certificates()
        let stranger = try other.client(of: certificates)
        try await serving(files) { server in
            #expect(await server.refusal(stranger)?.code == .tls)
            // Both authorities for a while, then the new one alone.
            try certificates.write(certificates.authority.pem + other.authority.pem, "ca.pem")
            #expect(try await server.ask(stranger).status == 200)
            #expect(try await server.ask(client).status == 200)
            try other.write(certificates.authority.pem, "former.pem")
            try certificates.write(other.authority.pem, "ca.pem")
            let former = TLSFiles(caFile: other.folder.file("former.pem"), certificateFile: client.certificateFile, keyFile: client.keyFile)
            #expect(await server.refusal(former)?.message.contains("does not accept the certificate") == true)
        }
    }

    @Test func `that do not fit each other leave the former ones in use until they do`() async throws {
        let files = try certificates.server()
        let client = try certificates.client()
        try await serving(files) { server in
            let issued = try certificates.issue(.node([.name("localhost"), .address(.init(127, 0, 0, 1))]))
            try certificates.write(issued.pem, "cert.pem")
            for _ in 0..<2 { #expect(try await server.ask(client).status == 200) }
            #expect(server.log.lines(.warning).count == 1)
            #expect(server.log.lines(.warning).first?.contains("is not the key of") == true)
            try certificates.write(issued.keyPEM, "key.pem")
            #expect(try await server.ask(client).status == 200)
            #expect(server.log.lines(.info).count == 1)
        }
    }

    @Test func `are named when a server cannot begin with them`() throws {
        let files = try certificates.server()
        for (name, words) in [("ca.pem", "is not a PEM file of certificates"), ("key.pem", "is not a PEM file of a private key")] {
            let whole = try Data(contentsOf: URL(filePath: certificates.folder.file(name)))
            try certificates.write("nonsense", name)
            let refusal = #expect(throws: ServerCertificateFault.self) { try ServerCertificates(files, logger: RecordingLog().logger) }
            #expect(refusal?.message == "\(certificates.folder.file(name)) \(words)")
            try whole.write(to: URL(filePath: certificates.folder.file(name)))
        }
        let missing = ServerTLSFiles(authorities: "/no/such/ca.pem", certificate: files.certificate, key: files.key)
        let refusal = #expect(throws: ServerCertificateFault.self) { try ServerCertificates(missing, logger: RecordingLog().logger) }
        #expect(refusal?.message == "cannot read /no/such/ca.pem: No such file or directory")
    }

    @Test func `with a key that everybody can read are warned of`() throws {
        let files = try certificates.server()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: files.key)
        let log = RecordingLog()
        _ = try ServerCertificates(files, logger: log.logger)
        #expect(log.lines(.warning).count == 1)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: files.key)
        _ = try ServerCertificates(files, logger: log.logger)
        #expect(log.lines(.warning).count == 1)
    }

    /// The number of the certificate that the server shows.
    private func shownSerial(_ server: SecureServer) async throws -> String {
        let text = try await shell(
            "openssl s_client -connect 127.0.0.1:\(server.port) </dev/null 2>/dev/null | openssl x509 -noout -serial")
        #expect(text.hasPrefix("serial="))
        return text
    }
}
