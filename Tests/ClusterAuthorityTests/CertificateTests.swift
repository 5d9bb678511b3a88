import Crypto
import Foundation
import NetworkModel
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import ClusterAuthority

@Suite struct `A cluster's authority` {
    private let now = FixedTime().now()

    private func authority(seed: UInt64 = 1, days: Int = 3650) throws -> CertificateAuthority {
        try CertificateAuthority(creating: "skein cluster", for: Lifetime(days: days, from: now), SeededRandomness(seed: seed))
    }

    private func node(_ authority: CertificateAuthority, days: Int = 365, seed: UInt64 = 2) throws -> IssuedCertificate {
        let names: [ServerName] = [try ServerName("node-1"), try ServerName("10.0.0.1"), try ServerName("fd00::1")]
        return try authority.issue(
            CertificateRequest(subject: "node-1", purpose: .node(names)), for: Lifetime(days: days, from: now), SeededRandomness(seed: seed)
        )
    }

    private func certificate(_ pem: String) throws -> Certificate { try Certificate(pemEncoded: pem) }

    private func usages(_ certificate: Certificate) throws -> Set<ExtendedKeyUsage.Usage> {
        Set(try certificate.extensions.extendedKeyUsage ?? ExtendedKeyUsage())
    }

    @Test func `vouches for hosts, which serve and call, and for clients, which only call`() throws {
        let authority = try authority()
        let root = try certificate(authority.pem)
        let node = try certificate(try node(authority).pem)
        #expect(root.publicKey.isValidSignature(node.signature, for: node))
        #expect(node.issuer == root.subject)
        #expect("\(node.subject)" == "CN=node-1")
        #expect(try usages(node) == [.serverAuth, .clientAuth])
        #expect(try node.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try node.extensions.authorityKeyIdentifier?.keyIdentifier == root.extensions.subjectKeyIdentifier?.keyIdentifier)
        let request = try CertificateRequest(subject: "alice", purpose: .client)
        let issued = try authority.issue(request, for: Lifetime(days: 1, from: now), SeededRandomness(seed: 3))
        let client = try certificate(issued.pem)
        #expect(issued.names.isEmpty)
        #expect(try usages(client) == [.clientAuth])
        #expect(try client.extensions.subjectAlternativeNames == nil)
        let unnamed = try CertificateRequest(subject: "alice", purpose: .client, hasCommonName: false)
        let other = try authority.issue(unnamed, for: Lifetime(days: 1, from: now), SeededRandomness(seed: 4))
        #expect("\(try certificate(other.pem).subject)" == "O=alice")
    }

    @Test func `names all that a host is called by`() throws {
        let issued = try node(try authority())
        #expect(issued.names.map(\.description) == ["node-1", "10.0.0.1", "fd00::1"])
        let names = try #require(try certificate(issued.pem).extensions.subjectAlternativeNames)
        #expect(names.contains(.ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1]))))
    }

    @Test func `makes the same keys and numbers of the same randomness, and others of another`() throws {
        let (one, same, other) = (try authority(), try authority(), try authority(seed: 9))
        #expect(one.keyPEM == same.keyPEM)
        #expect(try certificate(one.pem).serialNumber == certificate(same.pem).serialNumber)
        #expect(one.keyPEM != other.keyPEM)
        #expect(try certificate(one.pem).serialNumber != certificate(other.pem).serialNumber)
    }

    @Test func `lets a certificate begin a little early, for clocks that are behind, and never outlives itself`() throws {
        let authority = try authority(days: 100)
        let lifetime = try node(authority, days: 365).lifetime
        #expect(lifetime.start == now.nanoseconds / 1_000_000_000 - 3600)
        #expect(lifetime.end == authority.lifetime.end)
        #expect(try node(authority, days: 10).lifetime.end == now.nanoseconds / 1_000_000_000 + 864_000)
        let later = Timestamp(nanoseconds: (authority.lifetime.end + 4000) * 1_000_000_000)
        let request = try CertificateRequest(subject: "late", purpose: .client)
        let refusal = #expect(throws: CertificateFault.self) {
            try authority.issue(request, for: Lifetime(days: 1, from: later), SeededRandomness(seed: 4))
        }
        #expect(refusal?.message.contains("skein tls init") == true)
    }

    @Test func `tells the lifetime of any certificate: one without an end, and one that has its key before it`() throws {
        // RFC 5280, 4.1.2.5: it has no end that is known.
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("for ever") }
        let (first, last) = (Date(timeIntervalSince1970: 1_767_225_600), Date(timeIntervalSince1970: 253_402_300_799))
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: first, notValidAfter: last, issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: .init(), issuerPrivateKey: key)
        let text = try key.serializeAsPEM().pemString + "\n" + certificate.serializeAsPEM().pemString
        let lifetime = try Lifetime(ofCertificate: text, in: "both.pem")
        #expect(lifetime.firstDay == "2026-01-01" && lifetime.lastDay == "9999-12-31")
        #expect(lifetime.contains(now) && !lifetime.isNearEnd(at: now))
    }

    @Test func `renews what another has signed: the same holder with the same names, and its own signature`() throws {
        let (old, new) = (try authority(), try authority(seed: 5))
        let before = try node(old)
        let key = try SigningKey(pem: before.keyPEM, of: "key.pem")
        let after = try new.renew(before.pem, of: "cert.pem", with: key, for: Lifetime(days: 20, from: now), SeededRandomness(seed: 6))
        #expect(after.names == before.names)
        #expect(after.subject == before.subject)
        #expect(after.keyPEM == before.keyPEM)
        let (first, second) = (try certificate(before.pem), try certificate(after.pem))
        #expect(try first.extensions.extendedKeyUsage == second.extensions.extendedKeyUsage)
        #expect(first.extensions.count == second.extensions.count)
        #expect(first.serialNumber != second.serialNumber)
        #expect(try certificate(new.pem).publicKey.isValidSignature(second.signature, for: second))
        let fresh = try new.renew(
            before.pem, of: "cert.pem", with: SigningKey(SeededRandomness(seed: 7)), for: Lifetime(days: 20, from: now),
            SeededRandomness(seed: 8))
        #expect(try certificate(fresh.pem).publicKey != second.publicKey)
    }

    @Test func `is read from its files, also with others that are trusted beside it`() throws {
        let (own, other) = (try authority(), try authority(seed: 5))
        let read = try CertificateAuthority(pem: own.pem + other.pem, key: own.keyPEM, in: "ca")
        #expect(read.pem == own.pem + other.pem)
        #expect(read.lifetime == own.lifetime)
        let issued = try certificate(try node(read).pem)
        #expect(try certificate(own.pem).publicKey.isValidSignature(issued.signature, for: issued))
    }

    @Test func `refuses files that do not belong together or are not its own`() throws {
        let (own, other) = (try authority(), try authority(seed: 5))
        let leaf = try node(own)
        for (pem, key, words) in [
            (own.pem, other.keyPEM, "not the key"), (leaf.pem, leaf.keyPEM, "not that of an authority"),
            ("nonsense", own.keyPEM, "ca/ca.pem is not the PEM text"), (own.pem, "nonsense", "ca/ca-key.pem is not the PEM text"),
        ] {
            let refusal = #expect(throws: CertificateFault.self) { try CertificateAuthority(pem: pem, key: key, in: "ca") }
            #expect(refusal?.message.contains(words) == true)
        }
        let key = SigningKey(SeededRandomness(seed: 1))
        let refusal = #expect(throws: CertificateFault.self) {
            try own.renew(other.pem, of: "x/cert.pem", with: key, for: Lifetime(days: 1, from: now), SeededRandomness(seed: 4))
        }
        #expect(refusal?.message.contains("x/cert.pem") == true)
    }

    @Test func `satisfies OpenSSL`() throws {
        let authority = try authority()
        let folder = try TemporaryFolder()
        try authority.pem.write(toFile: folder.path + "/ca.pem", atomically: true, encoding: .utf8)
        try node(authority).pem.write(toFile: folder.path + "/cert.pem", atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        let instant = "\(now.nanoseconds / 1_000_000_000)"
        process.arguments = [
            "verify", "-x509_strict", "-attime", instant, "-purpose", "sslserver", "-verify_ip", "10.0.0.1", "-CAfile",
            folder.path + "/ca.pem", folder.path + "/cert.pem",
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

@Suite struct `What a certificate says` {
    @Test(arguments: ["node-1", "node_1.example.com", "*.example.com", "10.0.0.5", "fd00::5", "LOCALHOST"])
    func `names a server`(text: String) throws {
        #expect(try ServerName(text).description == text.lowercased())
        #expect(ServerName(try ServerName(text).general) == (try ServerName(text)))
    }

    @Test(arguments: ["", "a b", "-a", "a-", "a..b", "*", "a.*", "10.0.0.256", "tcp://a", "a:1", String(repeating: "a", count: 64)])
    func `names no server`(text: String) {
        let refusal = #expect(throws: InvalidValue.self) { try ServerName(text) }
        #expect(refusal?.message.contains("\"\(text)\"") == true)
    }

    @Test(arguments: ["", "a\nb", String(repeating: "a", count: 65)])
    func `is not called so`(text: String) {
        #expect(throws: InvalidValue.self) { try CertificateRequest(subject: text, purpose: .client) }
    }

    @Test(arguments: [0, -1, 36_501])
    func `is valid for a sensible time`(days: Int) {
        let refusal = #expect(throws: InvalidValue.self) { try Lifetime(days: days, from: FixedTime().now()) }
        #expect(refusal?.message.contains("\(days)") == true)
    }
}
