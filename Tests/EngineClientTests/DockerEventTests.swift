import EngineClient
import NetworkModel
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A Docker engine's events` {
    private static func expected() throws -> [EngineEvent] {
        let changed = EngineEvent.containerChanged(Captured.c1)
        let n2 = try EngineNetworkID(Captured.n2)
        return [
            .connected, .networkCreated(n2, name: "n2", driver: "bridge"), changed, changed, changed, .containerGone(Captured.c1), changed,
            .containerGone(Captured.c1), .networkRemoved(n2),
        ]
    }

    @Test(arguments: [1, 7, 1000, 100_000]) func `are told however their bytes arrive`(size: Int) async throws {
        let canned = try CannedEngine { _, connection in
            try connection.beginEvents()
            var rest = Array(Captured.events.utf8)[...]
            while !rest.isEmpty {
                try connection.sendChunk(String(decoding: rest.prefix(size), as: UTF8.self))
                rest = rest.dropFirst(size)
            }
            connection.waitUntilClosed()
        }
        let expected = try Self.expected()
        #expect(await canned.engine.events().first(expected.count) == expected)
    }

    @Test func `begin before anything is listed that is listed after them`() async throws {
        let canned = try CannedEngine { _, connection in
            try connection.beginEvents()
            connection.waitUntilClosed()
        }
        #expect(await canned.engine.events().first(1) == [.connected])
        // The engine's own time when it was asked for its version.
        let filters = "filters=%7B%22type%22%3A%5B%22container%22%2C%22network%22%5D%7D"
        #expect(canned.lines == ["GET /v1.41/events?\(filters)&since=1795564519"])
    }

    @Test func `that cannot be read are passed over`() async throws {
        let canned = try CannedEngine { _, connection in
            try connection.beginEvents()
            try connection.sendChunk("junk\n\n{}\n[1]\n{\"Type\":\"network\",\"Action\":\"connect\",\"Actor\":{\"ID\":7}}\n")
            try connection.sendChunk(Captured.events)
            connection.waitUntilClosed()
        }
        let expected = try Self.expected()
        #expect(await canned.engine.events().first(expected.count) == expected)
    }

    @Test func `go on after a loss, which is told once`() async throws {
        let streams = Mutex(0)
        let canned = try CannedEngine { _, connection in
            let number = streams.withLock { streams in
                streams += 1
                return streams
            }
            switch number {
            case 2, 3: try connection.answer(#"{"message":"not ready"}"#, status: "503 Service Unavailable")
            case 4:
                try connection.beginEvents()
                try connection.sendChunk(Captured.events)
                connection.waitUntilClosed()
            default:
                try connection.beginEvents()
                try connection.sendChunk(String(Captured.events.prefix(300)))
                connection.close()
            }
        }
        let expected = try Self.expected()
        let told = await canned.engine.events().first(expected.count + 3)
        #expect(told.prefix(2) == expected.prefix(2))
        guard case .lost(let error) = told.dropFirst(2).first else {
            Issue.record("the loss was not told: \(told)")
            return
        }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("is gone"))
        #expect(Array(told.dropFirst(3)) == expected, "what was cut off is not taken for the beginning of what follows")
    }

    @Test func `of an engine that comes later begin then`() async throws {
        let folder = try TemporaryFolder()
        let engine = try DockerEngine(at: folder.file("docker.sock"))
        var events = engine.events().makeAsyncIterator()
        guard case .lost(let error) = await events.next() else {
            Issue.record("its absence was not told")
            return
        }
        #expect(error.message.contains(folder.file("docker.sock")))
        let server = try FakeServer(on: .unix(folder.file("docker.sock"))) { connection in
            while let request = connection.request() {
                if request.line == "GET /version" { try connection.answer(Captured.version) } else { try connection.beginEvents() }
            }
        }
        #expect(await events.next() == .connected)
        withExtendedLifetime(server) {}
    }

    @Test func `are asked for ever more seldom from an engine that is away, up to a second`() async throws {
        let clock = ManualClock()
        let folder = try TemporaryFolder()
        let engine = try DockerEngine(at: folder.file("docker.sock"), clock: clock)
        let reader = Task { for await _ in engine.events() {} }
        for pause in [50, 100, 200, 400, 800, 1000, 1000, 1000] {
            try await eventually("it pauses") { clock.sleepers == 1 }
            // Jitter leaves at least half of each pause.
            clock.advance(by: .milliseconds(pause / 2 - 1))
            #expect(clock.sleepers == 1)
            clock.advance(by: .milliseconds(pause / 2 + 1))
        }
        reader.cancel()
        await reader.value
    }
}

extension AsyncStream<EngineEvent> {
    func first(_ count: Int) async -> [EngineEvent] {
        var events: [EngineEvent] = []
        for await event in self {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }
}
