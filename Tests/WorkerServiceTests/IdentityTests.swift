import DaemonKit
import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite struct `A node's identity` {
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("skein-identity-\(UUID().uuidString)/state").path
    }

    @Test func `is random once and stays, while the epoch rises`() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let randomness = SeededRandomness(seed: 1)
        let first = try StateDirectory(path: path, randomness: randomness)
        let (node, epoch) = (first.node, first.epoch)
        _ = consume first
        let second = try StateDirectory(path: path, randomness: randomness)
        #expect(second.node == node)
        #expect(second.epoch == Epoch(epoch.rawValue + 1))
    }

    @Test func `belongs to one worker at a time`() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try StateDirectory(path: path, randomness: SystemRandomness())
        let refusal = #expect(throws: DaemonError.self) { try StateDirectory(path: path, randomness: SystemRandomness()) }
        #expect(refusal?.message.contains("another skein-worker uses \(path)/lock") == true)
        withExtendedLifetime(first) {}
    }

    @Test(arguments: [("node-id", "not hexadecimal"), ("epoch", "minus one")])
    func `that was damaged is named and not guessed at`(file: String, content: String) throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try StateDirectory(path: path, randomness: SystemRandomness())
        try content.write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
        let refusal = #expect(throws: DaemonError.self) { try StateDirectory(path: path, randomness: SystemRandomness()) }
        #expect(refusal?.message.contains("\(path)/\(file)") == true)
    }
}

@Suite struct `An advertised address` {
    @Test func `is an address or an interface with a port`() throws {
        #expect(try AdvertiseAddress("10.0.0.5:2376").host == .address(IPAddress(10, 0, 0, 5)))
        #expect(try AdvertiseAddress("eth1:2376").host == .interface("eth1"))
        #expect(try AdvertiseAddress("[fd00::5]:2376").host == .address(IPAddress("fd00::5")))
    }

    @Test(arguments: ["10.0.0.5", ":2376", "eth1:", "eth1:0", "eth1:65536", "127.0.0.1:2376", "0.0.0.0:2376", "fd00::5:2376", ""])
    func `is refused by name when others could not reach it`(text: String) {
        let refusal = #expect(throws: InvalidValue.self) { try AdvertiseAddress(text) }
        #expect(refusal?.message.contains("\"\(text)\"") == true)
    }
}

@Suite struct `A node's membership` {
    @Test func `is remembered for the store that it was in, and for no other`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("skein-joined-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let state = try StateDirectory(path: path, randomness: SystemRandomness())
        #expect(try !state.hasJoined("etcd://a:2379/skein"))
        try state.noteJoined("etcd://a:2379/skein")
        #expect(try state.hasJoined("etcd://a:2379/skein"))
        #expect(try !state.hasJoined("etcd://b:2379/skein"))
    }
}
