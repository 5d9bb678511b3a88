import EngineAPI
import NetworkModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Events` {
    private static func event(_ action: NetworkEvent.Action, sandbox: String? = nil) throws -> NetworkEvent {
        NetworkEvent(
            action, network: try Canned.id("1"), name: "multi", driver: .overlay, sandbox: try sandbox.map { try Canned.id($0) },
            time: Timestamp(nanoseconds: 1_767_225_600_000_000_007))
    }

    private static let head = "GET /v1.43/events HTTP/1.1\r\nHost: skein\r\n\r\n"

    private static func line(_ action: String, container: String = "") -> String {
        let attributes = container + #""name":"multi","type":"overlay""#
        return
            #"{"Action":"\#(action)","Actor":{"Attributes":{\#(attributes)},"ID":"\#(String(repeating: "1", count: 64))"},"Type":"network","#
            + #""scope":"global","time":1767225600,"timeNano":1767225600000000007}"# + "\n"
    }

    private static func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    @Test func `come as chunks, each as it happens`() async throws {
        let backend = CannedBackend()
        try await withEngine(backend) { server in
            try await withRawConnection(to: server.address) { connection in
                try await connection.send(Self.head)
                // The head comes before anything has happened.
                let head = try await connection.read(through: "\r\n\r\n").lowercased()
                #expect(head.hasPrefix("http/1.1 200 ok\r\n"))
                #expect(head.contains("content-type: application/json\r\n"))
                #expect(head.contains("transfer-encoding: chunked\r\n"))
                try await eventually("there is a reader") { backend.readers == 1 }
                backend.tell(try Self.event(.create))
                let created = Self.chunk(Self.line("create"))
                #expect(try await connection.read(through: "}\n\r\n") == created)
                backend.tell(try Self.event(.connect, sandbox: "5"))
                let connected = Self.chunk(Self.line("connect", container: #""container":"\#(String(repeating: "5", count: 64))","#))
                #expect(try await connection.read(through: "}\n\r\n") == connected)
                backend.endEvents()
                #expect(try await connection.readToEnd() == "0\r\n\r\n")
            }
        }
    }

    @Test(arguments: [
        (#"{"event":["connect"]}"#, ["connect"]), (#"{"type":["network"]}"#, ["create", "connect", "destroy"]),
        (#"{"type":["container"]}"#, []), (#"{"network":["multi"]}"#, ["create", "connect", "destroy"]),
        (#"{"network":["1111"]}"#, ["create", "connect", "destroy"]), (#"{"network":["other"]}"#, []),
        (#"{"container":["5555"]}"#, ["connect"]),
        (#"{"scope":["local"]}"#, []), (#"{"scope":{"global":true}}"#, ["create", "connect", "destroy"]),
    ]) func `are filtered`(filters: String, actions: [String]) async throws {
        let backend = CannedBackend()
        let answer = try await withEngine(backend) { server in
            async let answer = server.request("GET", "/events?filters=\(`Networks`.escaped(filters))")
            try await eventually("there is a reader") { backend.readers == 1 }
            backend.tell(try Self.event(.create))
            backend.tell(try Self.event(.connect, sandbox: "5"))
            backend.tell(try Self.event(.destroy))
            backend.endEvents()
            return try await answer
        }
        #expect(answer.status == 200)
        #expect(answer.body.matches(of: /"Action":"(?<action>[a-z]+)"/).map { String($0.output.action) } == actions)
    }

    @Test func `of a client that hung up are no longer collected, though nothing happens`() async throws {
        let backend = CannedBackend()
        try await withEngine(backend) { server in
            try await withRawConnection(to: server.address) { connection in
                try await connection.send(Self.head)
                _ = try await connection.read(through: "\r\n\r\n")
            }
            try await eventually("the reader has left") { backend.departures == 1 }
        }
    }

    @Test(arguments: [
        ("since=1h", 501, "since is not supported: past events are not kept, so the stream begins now and has no end"),
        ("until=1h", 501, "until is not supported: past events are not kept, so the stream begins now and has no end"),
        ("filters=%7B%22label%22:%5B%22a%22%5D%7D", 400, "invalid filter 'label'"),
    ]) func `are not given in ways that are not supported`(query: String, status: Int, message: String) async throws {
        let backend = CannedBackend()
        let answer = try await withEngine(backend) { try await $0.request("GET", "/events?\(query)") }
        #expect(answer.status == status)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
        #expect(backend.readers == 0)
    }
}
