import DaemonKit
import FoundationEssentials
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `The journal of an engine` {
    private let folder: TemporaryFolder
    private let path: String
    private let web: EndpointID
    private let ports = [
        PortForwarding(hostPort: 8080, to: TransportPort(.tcp, 80)),
        PortForwarding(hostAddress: IPAddress(127, 0, 0, 1), hostPort: 53, to: TransportPort(.udp, 53)),
    ]

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("engine.json")
        web = try EndpointID("e1")
    }

    @Test func `is empty at first, and as it was left in the next life`() async throws {
        let first = try EngineJournal(path: path)
        #expect(await first.networks.isEmpty)
        try await first.setNetwork(try NetworkID("a1"), of: try EngineNetworkID("b1"))
        try await first.setNetwork(try NetworkID("a2"), of: try EngineNetworkID("b2"))
        try await first.setNetwork(nil, of: try EngineNetworkID("b2"))
        try await first.setPorts(ports, of: web)
        try await first.setPorts(ports, of: try EndpointID("e2"))
        try await first.setPorts([], of: try EndpointID("e2"))
        let habit = ContainerHabit(startsAgain: true, chosen: [IPAddress(10, 0, 0, 9)])
        try await first.setHabit(habit, of: try SandboxID("c1"))
        try await first.setHabit(habit, of: try SandboxID("c2"))
        try await first.setHabit(nil, of: try SandboxID("c2"))
        let second = try EngineJournal(path: path)
        #expect(await second.networks == [try EngineNetworkID("b1"): try NetworkID("a1")])
        #expect(await second.network(of: try EngineNetworkID("b1")) == (try NetworkID("a1")))
        #expect(await second.ports == [web: ports])
        #expect(await second.ports(of: web) == ports)
        #expect(await second.habits == [try SandboxID("c1"): habit])
    }

    @Test func `has changed nothing when it cannot be written`() async throws {
        let journal = try EngineJournal(path: folder.file("no-such-folder/engine.json"))
        let refusal = await refusal { try await journal.setNetwork(try NetworkID("a1"), of: try EngineNetworkID("b1")) }
        #expect(refusal?.message.contains("no-such-folder/engine.json") == true)
        #expect(await journal.networks.isEmpty)
    }

    @Test(arguments: [
        "", "{", "[]", #"{"format":1,"networks":{"b1":"../x"}}"#, #"{"format":1,"networks":{"B1":"a1"}}"#, #"{"networks":{}}"#,
    ])
    func `that is damaged is set aside, and the worker goes on`(text: String) async throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let journal = try EngineJournal(path: path)
        #expect(await journal.networks.isEmpty)
        #expect(try String(contentsOfFile: path + ".damaged", encoding: .utf8) == text)
        try await journal.setNetwork(try NetworkID("a1"), of: try EngineNetworkID("b1"))
        #expect(await (try EngineJournal(path: path)).networks.count == 1)
    }

    @Test func `of a newer worker is refused by name and kept`() throws {
        let text = #"{"format":2,"things":[]}"#
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let refusal = #expect(throws: DaemonError.self) { try EngineJournal(path: path) }
        #expect(refusal?.message.contains("\(path) was written by a newer skein-worker (format 2") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `lets those wait who know a network before it has been found out which it is`() async throws {
        let clock = ManualClock()
        let journal = try EngineJournal(path: path, clock: clock)
        let late = try EngineNetworkID("b1")
        async let first = journal.waitForNetwork(late, atMost: .milliseconds(800))
        async let second = journal.waitForNetwork(late, atMost: .milliseconds(800))
        try await eventually("both wait") { clock.sleepers == 2 }
        try await journal.setNetwork(try NetworkID("a1"), of: late)
        let answers = await [first, second]
        #expect(answers == [try NetworkID("a1"), try NetworkID("a1")])
        #expect(await journal.waitForNetwork(late, atMost: .zero) == (try NetworkID("a1")))
    }

    @Test func `lets nobody wait longer than he would (lesson 17)`() async throws {
        let clock = ManualClock()
        let journal = try EngineJournal(path: path, clock: clock)
        let late = try EngineNetworkID("b1")
        async let answer = journal.waitForNetwork(late, atMost: .milliseconds(800))
        try await eventually("somebody waits") { clock.sleepers == 1 }
        clock.advance(by: .milliseconds(800))
        #expect(await answer == nil)
    }

    @Test func `knows what the worker itself is removing`() async throws {
        let journal = try EngineJournal(path: path)
        await journal.beginRemoving(try EngineNetworkID("b1"))
        #expect(await journal.removing == [try EngineNetworkID("b1")])
        await journal.endRemoving(try EngineNetworkID("b1"))
        #expect(await journal.removing.isEmpty)
    }
}
