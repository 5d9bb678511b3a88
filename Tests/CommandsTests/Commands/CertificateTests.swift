import ClusterAuthority
import Foundation
import HTTPTransport
import NetworkModel
import TestSupport
import Testing

@testable import Commands

@Suite struct `Certificates on disk` {
    private let folder: TemporaryFolder
    private let desk = CertificateDesk(time: FixedTime(), randomness: SeededRandomness(seed: 1))

    init() throws {
        folder = try TemporaryFolder()
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: folder.file(name), encoding: .utf8) }

    private func makeAll() throws {
        _ = try desk.found(folder.file("ca"), name: "skein cluster", days: 100)
        _ = try desk.issue(
            CertificateDesk.request(["node-1", "10.0.0.1"], isClient: false), from: folder.file("ca"), to: folder.file("node"), days: 10)
    }

    @Test func `have Docker's names, and keys are for nobody else`() throws {
        let first = try desk.found(folder.file("ca"), name: "skein cluster", days: 100)
        #expect(first == "\(folder.file("ca")): the authority \"skein cluster\", until 2026-04-11\n")
        let second = try desk.issue(
            CertificateDesk.request(["node-1", "10.0.0.1"], isClient: false), from: folder.file("ca"), to: folder.file("node"), days: 10)
        #expect(second == "\(folder.file("node")): CN=node-1, for node-1, 10.0.0.1, localhost, 127.0.0.1, ::1, until 2026-01-11\n")
        let third = try desk.issue(
            CertificateDesk.request(["alice"], isClient: true), from: folder.file("ca"), to: folder.file("alice"), days: 1000)
        #expect(third == "\(folder.file("alice")): CN=alice, for a client, until 2026-04-11\n")
        let nameless = try CertificateDesk.request(["etcd user"], isClient: true, hasCommonName: false)
        let fourth = try desk.issue(nameless, from: folder.file("ca"), to: folder.file("user"), days: 10)
        #expect(fourth == "\(folder.file("user")): O=etcd user, for a client, until 2026-01-11\n")
        for key in ["ca/ca-key.pem", "node/key.pem", "alice/key.pem"] { #expect(try mode(key) == 0o600) }
        for certificate in ["ca/ca.pem", "node/ca.pem", "node/cert.pem"] { #expect(try mode(certificate) == 0o644) }
        #expect(try mode("ca") == 0o700)
        #expect(try text("node/ca.pem") == text("ca/ca.pem"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("node")).sorted() == ["ca.pem", "cert.pem", "key.pem"])
    }

    @Test func `are not overwritten, and none is written where one is there`() throws {
        try makeAll()
        let (authority, node) = (try text("ca/ca.pem"), try text("node/cert.pem"))
        try FileManager.default.removeItem(atPath: folder.file("ca/ca-key.pem"))
        #expect(throws: CommandFault.self) { try desk.found(folder.file("ca"), name: "another", days: 100) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("ca/ca-key.pem")))
        #expect(try text("ca/ca.pem") == authority)
        _ = try desk.found(folder.file("other"), name: "another", days: 100)
        let refusal = #expect(throws: CommandFault.self) {
            try desk.issue(
                CertificateDesk.request(["node-1"], isClient: false), from: folder.file("other"), to: folder.file("node"), days: 10)
        }
        #expect(refusal?.message.contains("\(folder.file("node"))/key.pem exists") == true)
        #expect(try text("node/cert.pem") == node)
    }

    @Test func `are renewed with the same key, owner and mode, and with the authorities of today`() throws {
        try makeAll()
        let (key, certificate) = (try text("node/key.pem"), try text("node/cert.pem"))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file("node/cert.pem"))
        _ = try desk.found(folder.file("next"), name: "skein cluster", days: 100)
        let both = try text("next/ca.pem") + text("ca/ca.pem")
        try both.write(toFile: folder.file("next/ca.pem"), atomically: true, encoding: .utf8)
        // What a renewal left that was cut short.
        try "half".write(toFile: folder.file("node/.cert.pem.new"), atomically: true, encoding: .utf8)
        let line = try desk.renew(folder.file("node"), from: folder.file("next"), hasNewKey: false, days: 20)
        #expect(line.hasSuffix("CN=node-1, for node-1, 10.0.0.1, localhost, 127.0.0.1, ::1, until 2026-01-21\n"))
        #expect(try text("node/key.pem") == key)
        #expect(try text("node/cert.pem") != certificate)
        #expect(try text("node/ca.pem") == both)
        #expect(try mode("node/cert.pem") == 0o640)
        _ = try desk.renew(folder.file("node"), from: folder.file("next"), hasNewKey: true, days: 20)
        #expect(try text("node/key.pem") != key)
        #expect(try mode("node/key.pem") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("node")).sorted() == ["ca.pem", "cert.pem", "key.pem"])
    }

    @Test func `are asked for by name when they are missing`() throws {
        let refusal = #expect(throws: CommandFault.self) {
            try desk.issue(CertificateDesk.request(["a"], isClient: true), from: folder.file("ca"), to: nil, days: 1)
        }
        #expect(refusal?.message.contains("skein tls init") == true)
        _ = try desk.found(folder.file("ca"), name: "a", days: 1)
        let missing = #expect(throws: CommandFault.self) {
            try desk.renew(folder.file("none"), from: folder.file("ca"), hasNewKey: false, days: 1)
        }
        #expect(missing?.message.contains("\(folder.file("none"))/cert.pem") == true)
    }

    @Test(arguments: [(["a/b"], true), (["a", "b"], true), ([".."], true), (["*.example.com"], false), (["a b"], false)])
    func `have sensible names and places`(names: [String], isClient: Bool) throws {
        _ = try desk.found(folder.file("ca"), name: "a", days: 1)
        #expect(throws: (any Error).self) {
            try desk.issue(CertificateDesk.request(names, isClient: isClient), from: folder.file("ca"), to: nil, days: 1)
        }
    }
}

@Suite struct `TLS with a daemon` {
    private func environment(_ values: [String: String]) -> Environment { Environment { values[$0] } }

    @Test func `is asked for by flags and by Docker's variables and ours`() {
        #expect(!TLSChoice().isWanted(environment([:])))
        #expect(!TLSChoice().isWanted(environment(["DOCKER_TLS_VERIFY": "", "DOCKER_CERT_PATH": "/x"])))
        for name in ["DOCKER_TLS_VERIFY", "SKEIN_TLS_VERIFY"] { #expect(TLSChoice().isWanted(environment([name: "1"]))) }
        #expect(TLSChoice(isVerifying: true).isWanted(environment([:])))
        #expect(TLSChoice(authorities: "/ca.pem").isWanted(environment([:])))
    }

    @Test func `takes the files that are given, and else those of the folder`() throws {
        let folder = try TemporaryFolder()
        for name in ["ca.pem", "cert.pem", "key.pem", "mine.pem"] { try Data().write(to: URL(filePath: folder.file(name))) }
        let choice = TLSChoice(key: folder.file("mine.pem")).over(TLSChoice(certificate: "/nowhere", key: "/nowhere"))
        #expect(choice.certificate == "/nowhere")
        for values in [["DOCKER_CERT_PATH": folder.path], ["DOCKER_CERT_PATH": "/nowhere", "SKEIN_CERT_PATH": folder.path]] {
            let files = try TLSChoice(key: folder.file("mine.pem")).files(environment(values))
            #expect(files.caFile == folder.file("ca.pem"))
            #expect(files.certificateFile == folder.file("cert.pem"))
            #expect(files.keyFile == folder.file("mine.pem"))
        }
        let refusal = #expect(throws: CommandFault.self) { try TLSChoice().files(environment(["HOME": "/nowhere"])) }
        #expect(refusal?.message.hasPrefix("cannot read /nowhere/.docker/ca.pem") == true)
    }

    @Test func `is asked for before the verb as well`() throws {
        let given = ["--tlsverify", "-H", "tcp://a", "--tlscacert=/ca", "--tlscert", "/cert", "network", "ls", "--tlskey"]
        let invocation = try Invocation(given)
        #expect(invocation.leading.host == "tcp://a")
        #expect(invocation.leading.tls == TLSChoice(isVerifying: true, authorities: "/ca", certificate: "/cert"))
        #expect(invocation.arguments == ["network", "ls", "--tlskey"])
    }

    @Test func `has a port of its own`() throws {
        let address = try DaemonAddress("tcp://alpha", isSecure: true)
        #expect(address.base == "https://alpha:2376")
        #expect(address.description == "tcp://alpha:2376")
    }
}
