import ArgumentParser
import DaemonKit
import NetworkModel
import SecureServing
import Testing

@testable import ControllerService

@Suite struct `The controller's flags` {
    private func options(_ arguments: String...) throws -> ControllerOptions { try options(arguments) }

    private func options(_ arguments: [String]) throws -> ControllerOptions {
        try ControllerOptions(try ControllerCommand.parse(["--cluster-store", "etcd://10.0.0.1:2379"] + arguments))
    }

    @Test func `have defaults for all but the store`() throws {
        let options = try options()
        #expect(options.listeners == [.unix(path: "/run/skein/controller.sock")])
        #expect(options.storeListener == .tcp(host: "0.0.0.0", port: 2379))
        #expect(options.grace == .seconds(60))
        let refusal = #expect(throws: InvalidValue.self) { try ControllerOptions(try ControllerCommand.parse([])) }
        #expect(refusal?.message.contains("--cluster-store is missing") == true)
    }

    @Test func `may name several listeners`() throws {
        let options = try options("-H", "unix:///run/a.sock", "-H", "tcp://0.0.0.0:2375", "--node-grace=0", "--insecure-tcp")
        #expect(options.listeners == [.unix(path: "/run/a.sock"), .tcp(host: "0.0.0.0", port: 2375)])
        #expect(options.grace == .zero)
    }

    @Test(arguments: [
        ["--node-grace=-5"], ["-H", "http://0.0.0.0:2375"], ["--log-level", "loud"], ["--cluster-store-opt", "discovery.colour=red"],
        ["--store-listen", "0.0.0.0:2379"],
    ])
    func `are refused by name`(arguments: [String]) throws {
        let command = try ControllerCommand.parse(["--cluster-store", "etcd://10.0.0.1:2379"] + arguments)
        let refusal = #expect(throws: InvalidValue.self) { try ControllerOptions(command) }
        let offender = arguments.last?.split(separator: "=").last.map(String.init) ?? ""
        #expect(refusal?.message.contains(offender) == true || refusal?.message.contains(arguments[0]) == true)
    }

    @Test func `say where an embedded store is served`() throws {
        let command = try ControllerCommand.parse([
            "--cluster-store", "embedded:///store.sqlite", "--store-listen", "[::1]:23790", "--insecure-tcp",
        ])
        #expect(try ControllerOptions(command).storeListener == .tcp(host: "::1", port: 23790))
        let wrong = try ControllerCommand.parse(["--cluster-store", "embedded:///store.sqlite", "--store-listen", "somewhere"])
        let refusal = #expect(throws: InvalidValue.self) { try ControllerOptions(wrong) }
        #expect(refusal?.message.contains("\"somewhere\"") == true)
    }

    // MARK: TCP

    private static let files = ["--tlscacert", "/ca.pem", "--tlscert", "/cert.pem", "--tlskey", "/key.pem"]

    @Test func `ask for certificates where something listens on TCP`() throws {
        let expected = ServerTLSFiles(authorities: "/ca.pem", certificate: "/cert.pem", key: "/key.pem")
        for more in [[], ["--tlsverify"]] {
            let options = try options(["-H", "tcp://0.0.0.0:2376"] + Self.files + more)
            #expect(options.tcp == .certificates(expected))
        }
        #expect(try options(["-H", "tcp://0.0.0.0:2375", "--insecure-tcp"]).tcp == .open)
        #expect(try options(["--insecure-tcp"]).tcp == nil)
    }

    @Test func `know the certificates that are shown to clients and to the store`() throws {
        let store = ["kv.cacertfile=/store/ca.pem", "kv.certfile=/store/cert.pem", "kv.keyfile=/store/key.pem"]
            .flatMap { ["--cluster-store-opt", $0] }
        let served = ["-H", "tcp://0.0.0.0:2376"] + Self.files
        #expect(try options(served + store).certificates.map(\.path) == ["/cert.pem", "/store/cert.pem"])
        #expect(try options(store).certificates.map(\.path) == ["/store/cert.pem"])
        #expect(try options([]).certificates == [])
    }

    @Test func `refuse TCP without them, on loopback as well`() throws {
        let refusal = #expect(throws: InvalidValue.self) { try options(["-H", "tcp://127.0.0.1:2375"]) }
        #expect(refusal?.message.contains("tcp://127.0.0.1:2375") == true)
        #expect(refusal?.message.contains("skein tls init") == true)
        #expect(refusal?.message.contains("--insecure-tcp") == true)
        let embedded = try ControllerCommand.parse(["--cluster-store", "embedded:///store.sqlite"])
        let other = #expect(throws: InvalidValue.self) { try ControllerOptions(embedded) }
        #expect(other?.message.contains("tcp://0.0.0.0:2379") == true)
    }

    @Test func `want all of the files or none, and no contradiction`() throws {
        let half = #expect(throws: InvalidValue.self) { try options(["--tlscert", "/cert.pem"]) }
        #expect(half?.message.hasPrefix("--tlscacert, --tlskey is missing") == true)
        let none = #expect(throws: InvalidValue.self) { try options(["--tlsverify"]) }
        #expect(none?.message.hasPrefix("--tlscacert, --tlscert, --tlskey is missing") == true)
        let both = #expect(throws: InvalidValue.self) { try options(Self.files + ["--insecure-tcp"]) }
        #expect(both?.message.contains("--insecure-tcp") == true)
    }
}
