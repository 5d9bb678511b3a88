import ClusterStore
import FoundationEssentials
import HTTPTransport
import StoreConformance
import TestSupport
import Testing

@testable import EtcdStore

/// A real etcd with TLS, and what a user is told of certificates that are not as they should be: one sentence that names file or endpoint.
@Suite(.timeLimit(.minutes(3))) struct TLSTests {
    private let files: TestCertificates

    init() async throws {
        files = try await TestCertificates()
    }

    /// An etcd that asks for certificates of ours.
    private func etcd(showing name: String = "cert") async throws -> EtcdServer {
        try await EtcdServer.startSecure(
            "--cert-file", files.certificate(of: name), "--key-file", files.key(of: name), "--client-cert-auth", "--trusted-ca-file",
            files.authority)
    }

    private func ours(_ name: String = "cert") -> TLSFiles {
        TLSFiles(caFile: files.authority, certificateFile: files.certificate(of: name), keyFile: files.key(of: name))
    }

    /// The sentence that a write ends with, which must not have been made.
    private func refusal(_ etcd: EtcdServer, _ tls: TLSFiles) async throws -> String {
        let error = try await failure { try await EtcdStore(ports: [etcd.port], tls: tls).put("k") }
        #expect(error.code == .unavailable, "\(error)")
        let start = "the store etcd://127.0.0.1:\(etcd.port)/skein does not answer: no trusted connection to 127.0.0.1:\(etcd.port): "
        #expect(error.message.hasPrefix(start), "\(error)")
        return String(error.message.dropFirst(start.count))
    }

    @Test func `etcd is reached by TLS with a certificate of our own`() async throws {
        let etcd = try await etcd()
        let store = try EtcdStore(ports: [etcd.port], tls: ours())
        try await store.put("k")
        let follower = Follower(store.watch(""))
        try await follower.reaches("the key") { $0.values["k"] != nil }
    }

    @Test func `etcd that asks for no certificate is reached with its authority alone`() async throws {
        let etcd = try await EtcdServer.startSecure("--cert-file", files.certificate, "--key-file", files.key)
        try await EtcdStore(ports: [etcd.port], tls: TLSFiles(caFile: files.authority)).put("k")
    }

    @Test func `a write without the certificate that is asked for was not made, and its sentence says so`() async throws {
        let etcd = try await etcd()
        // Whether the refusal or the break is seen first is a race.
        for _ in 0..<20 {
            let sentence = try await refusal(etcd, TLSFiles(caFile: files.authority))
            #expect(sentence.contains("certificate of ours"), "\(sentence)")
        }
    }

    @Test func `a certificate that has expired or that another authority has signed is named`() async throws {
        let (etcd, others) = (try await etcd(), try await TestCertificates())
        try await files.issue("old", days: -1)
        for _ in 0..<10 {
            let expired = try await refusal(etcd, ours("old"))
            #expect(expired.contains("not accept the certificate '\(files.certificate(of: "old"))'"), "\(expired)")
            let foreign = try await refusal(
                etcd, TLSFiles(caFile: files.authority, certificateFile: others.certificate, keyFile: others.key))
            #expect(foreign.contains("not accept the certificate '\(others.certificate)'"), "\(foreign)")
        }
    }

    @Test func `a server that another authority has signed is not trusted`() async throws {
        let (etcd, others) = (try await etcd(), try await TestCertificates())
        #expect(
            try await refusal(etcd, TLSFiles(caFile: others.authority))
                == "its certificate is signed by none of the authorities in '\(others.authority)'")
        #expect(try await refusal(etcd, TLSFiles()) == "its certificate is signed by none of this system's authorities")
    }

    @Test func `a server whose certificate has expired or is another's is not trusted`() async throws {
        try await files.issue("old", days: -1)
        try await files.issue("elsewhere", names: "DNS:elsewhere.example")
        for (name, sentence) in [("old", "its certificate has expired"), ("elsewhere", "its certificate is for other names")] {
            let etcd = try await EtcdServer.startSecure(
                "--cert-file", files.certificate(of: name), "--key-file", files.key(of: name))
            #expect(try await refusal(etcd, TLSFiles(caFile: files.authority)) == sentence)
        }
    }

    @Test func `files that cannot be used are named`() async throws {
        let etcd = try await etcd()
        let junk = try files.file("junk", "junk")
        let encrypted = try await files.encryptedKey(of: "cert")
        try await files.issue("other")
        var tls = ours()
        tls.caFile = "/no/ca.pem"
        #expect(try await refusal(etcd, tls) == "cannot read '/no/ca.pem': no such file or directory")
        tls.caFile = junk
        #expect(try await refusal(etcd, tls) == "'\(junk)' is no PEM file of a certificate")
        tls = ours()
        tls.certificateFile = "/no/cert.pem"
        #expect(try await refusal(etcd, tls) == "cannot read '/no/cert.pem': no such file or directory")
        tls.certificateFile = junk
        #expect(try await refusal(etcd, tls) == "'\(junk)' is no PEM file of a certificate")
        tls = ours()
        tls.keyFile = "/no/key.pem"
        #expect(try await refusal(etcd, tls) == "cannot read '/no/key.pem': no such file or directory")
        tls.keyFile = "/proc/self"
        #expect(try await refusal(etcd, tls) == "cannot read '/proc/self': is a directory")
        tls.keyFile = junk
        #expect(try await refusal(etcd, tls) == "'\(junk)' is no PEM file of a key")
        tls.keyFile = encrypted
        #expect(try await refusal(etcd, tls) == "the key '\(encrypted)' is encrypted; it must be without a passphrase")
        tls.keyFile = files.key(of: "other")
        #expect(
            try await refusal(etcd, tls) == "the key '\(files.key(of: "other"))' cannot be used with the certificate '\(files.certificate)'"
        )
    }

    @Test func `a server that speaks no TLS is told from one that is not trusted`() async throws {
        let etcd = try await EtcdServer.start()
        #expect(try await refusal(etcd, TLSFiles(caFile: files.authority)) == "it ended the handshake; it may not speak TLS")
        let other = try FakeServer { connection in
            _ = connection.request()
            try connection.answer("", status: "400 Bad Request")
        }
        let error = try await failure { try await EtcdStore(ports: [other.port], tls: ours()).put("k") }
        #expect(error.code == .unavailable)
    }

    @Test func `certificates that are renewed on disk are used by the next connection`() async throws {
        let (etcd, others) = (try await etcd(), try await TestCertificates())
        let copies = TLSFiles(
            caFile: try files.file("their-ca", try text(others.authority)),
            certificateFile: try files.file("ours", try text(others.certificate)),
            keyFile: try files.file("our-key", try text(others.key)))
        let store = try EtcdStore(ports: [etcd.port], tls: copies)
        #expect(try await failure { try await store.put("k") }.message.contains("signed by none of the authorities"))
        _ = try files.file("their-ca", try text(files.authority))
        #expect(try await failure { try await store.put("k") }.message.contains("certificate '"))
        _ = try files.file("ours", try text(files.certificate))
        _ = try files.file("our-key", try text(files.key))
        // libcurl may have kept the connection that was refused.
        try await eventually("the write") { (try? await store.put("k")) != nil }
        // And the authority that is gone is trusted no longer, though there was a session with it.
        _ = try files.file("their-ca", try text(others.authority))
        etcd.kill()
        try await etcd.restart()
        _ = try? await store.get("k")
        #expect(try await failure { try await store.put("k") }.message.contains("signed by none of the authorities"))
    }

    @Test func `an etcd with users takes certificates without a common name, or none`() async throws {
        try await files.issue("nameless", subject: "/O=skein")
        let credentials = Credentials(user: "skein", password: .text("pw"))
        let etcd = try await etcd()
        let users = try EtcdUsers(etcd: etcd, http: try HTTPClient(tls: ours("nameless"), logger: .silent))
        try await users.make(user: "skein", password: "pw", prefix: "skein/")
        try await EtcdStore(ports: [etcd.port], tls: ours("nameless"), credentials: credentials).put("k")
        let error = try await failure { try await EtcdStore(ports: [etcd.port], tls: ours(), credentials: credentials).put("k") }
        #expect(error.code == .denied)
        #expect(
            error.message.hasSuffix(
                "etcd takes no certificate with a CommonName from a client that signs in: issue kv.certfile with skein tls issue --no-common-name"
            ))
    }

    private func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
}
