import ArgumentParser
import DaemonKit
import NetworkModel
import Testing

@testable import WorkerService

@Suite struct `The worker's flags` {
    private static let required = ["--cluster-store", "etcd://10.0.0.1:2379", "--cluster-advertise", "eth0:2376"]

    @Test func `have defaults for all but the store and the address`() throws {
        let options = try WorkerOptions(try WorkerCommand.parse(Self.required))
        #expect(options.stateDirectory == "/var/lib/skein")
        #expect(options.listener == .unix(path: "/run/skein/worker.sock"))
        #expect(options.vxlanPort == 4789)
        #expect(options.engine?.socket == "/var/run/docker.sock")
        #expect(options.engine?.plugin == .unix(path: "/run/docker/plugins/skein.sock"))
    }

    @Test(arguments: [["-H", "tcp://0.0.0.0:2375"], ["--host=tcp://127.0.0.1:2375"], ["--socket", "tcp://127.0.0.1:2375"]])
    func `open no TCP port`(arguments: [String]) throws {
        let command = try WorkerCommand.parse(Self.required + arguments)
        let refusal = #expect(throws: InvalidValue.self) { try WorkerOptions(command) }
        #expect(refusal?.message.hasPrefix("a worker listens on no TCP port") == true)
    }

    @Test func `take Docker's word for the socket`() throws {
        let options = try WorkerOptions(try WorkerCommand.parse(Self.required + ["-H", "unix:///run/other.sock"]))
        #expect(options.listener == .unix(path: "/run/other.sock"))
    }

    @Test func `say that no container engine is served`() throws {
        #expect(try WorkerOptions(try WorkerCommand.parse(Self.required + ["--engine", "none"])).engine == nil)
    }

    @Test(arguments: [
        (["--cluster-store", "etcd://a:2379"], "--cluster-advertise"), (["--cluster-advertise", "eth0:1"], "--cluster-store"),
    ])
    func `are asked for where there is no default`(arguments: [String], missing: String) throws {
        let command = try WorkerCommand.parse(arguments)
        let refusal = #expect(throws: InvalidValue.self) { try WorkerOptions(command) }
        #expect(refusal?.message.contains("\(missing) is missing") == true)
    }

    @Test(arguments: [
        ["--vxlan-port", "70000"], ["--vxlan-port", "0"], ["--socket", "relative.sock"], ["--state-dir", "relative"],
        ["--engine", "tcp://10.0.0.1:2375"], ["--engine", ""], ["--engine", "unix://relative.sock"], ["--plugin-socket", "relative.sock"],
        ["--plugin-socket", "/run/skein/worker.sock"], ["--plugin-socket", "/run/docker/plugins"], ["--log-level", "loud"],
        ["--cluster-store-opt", "discovery.ttl=0"],
    ])
    func `are refused by name`(arguments: [String]) throws {
        let command = try WorkerCommand.parse(Self.required + arguments)
        let refusal = #expect(throws: InvalidValue.self) { try WorkerOptions(command) }
        #expect(refusal?.message.contains(arguments[1]) == true, "\(refusal?.message ?? "none")")
    }

    @Test func `send a user who names an embedded store to its controller`() throws {
        let command = try WorkerCommand.parse(["--cluster-store", "embedded:///store.sqlite", "--cluster-advertise", "eth0:2376"])
        let refusal = #expect(throws: InvalidValue.self) { try WorkerOptions(command) }
        #expect(refusal?.message.contains("etcd://HOST:2379") == true)
    }
}
