import ArgumentParser
import DaemonKit
import NetworkModel
import Testing

@testable import ControllerService

@Suite struct `The controller's flags` {
    private func options(_ arguments: String...) throws -> ControllerOptions {
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
        let options = try options("-H", "unix:///run/a.sock", "-H", "tcp://0.0.0.0:2375", "--node-grace=0")
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
        let command = try ControllerCommand.parse(["--cluster-store", "embedded:///store.sqlite", "--store-listen", "[::1]:23790"])
        #expect(try ControllerOptions(command).storeListener == .tcp(host: "::1", port: 23790))
        let wrong = try ControllerCommand.parse(["--cluster-store", "embedded:///store.sqlite", "--store-listen", "somewhere"])
        let refusal = #expect(throws: InvalidValue.self) { try ControllerOptions(wrong) }
        #expect(refusal?.message.contains("\"somewhere\"") == true)
    }
}
