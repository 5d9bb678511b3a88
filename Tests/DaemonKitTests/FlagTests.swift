import Logging
import NetworkModel
import Testing

@testable import DaemonKit

@Suite struct `A listening address` {
    @Test(arguments: [
        ("unix:///run/skein/worker.sock", ListenAddress.unix(path: "/run/skein/worker.sock")),
        ("tcp://0.0.0.0:2375", .tcp(host: "0.0.0.0", port: 2375)),
        ("tcp://[::1]:2375", .tcp(host: "::1", port: 2375)),
    ])
    func `is a unix socket or a TCP port`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        "http://0.0.0.0:2375", "/run/skein.sock", "unix://relative.sock", "unix://", "tcp://0.0.0.0", "tcp://:2375", "tcp://0.0.0.0:0",
        "tcp://0.0.0.0:65536", "tcp://::1:2375", "fd://", "", "unix:///" + String(repeating: "x", count: 107),
    ])
    func `of another form is quoted`(text: String) {
        let refusal = #expect(throws: InvalidValue.self) { try ListenAddress(text) }
        #expect(refusal?.message.contains("\"\(text)\"") == true)
    }
}

@Suite struct `A log level` {
    @Test(arguments: [("debug", Logger.Level.debug), ("warn", .warning), ("warning", .warning), ("fatal", .critical), ("error", .error)])
    func `is Docker's word or swift-log's`(text: String, level: Logger.Level) throws {
        #expect(try Logger.Level(flag: text) == level)
    }

    @Test func `of another name is quoted`() {
        let refusal = #expect(throws: InvalidValue.self) { try Logger.Level(flag: "loud") }
        #expect(refusal?.message.contains("\"loud\"") == true)
    }
}
