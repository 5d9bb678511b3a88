import EngineClient
import NetworkModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A Docker engine's containers` {
    @Test func `are read with their names on each network, but those that DNS cannot have`() async throws {
        let canned = try CannedEngine { _, connection in try connection.answer(Captured.container) }
        let container = try #require(try await canned.engine.container("anew"))
        #expect((container.id, container.name, container.isRunning) == (Captured.c1, "anew", true))
        #expect(container.created.description == "2026-11-24T23:54:31.147855315Z")
        #expect(container.labels == ["q": "1"])
        let short = try EndpointName("7a67768d729e")
        let expected = [
            HostedContainer.Attachment(
                network: try EngineNetworkID(Captured.n1), endpoint: try EndpointID(Captured.e1), aliases: [try EndpointName("al"), short]),
            HostedContainer.Attachment(
                network: try EngineNetworkID(Captured.n2), endpoint: try EndpointID(Captured.e2), aliases: [try EndpointName("aa"), short],
                links: ["yy": try EndpointName("c2"), "c2": try EndpointName("c2")]),
        ]
        #expect(container.attachments == expected)
        #expect(!container.startsAgain)
    }

    @Test(arguments: [
        (#"{"RestartPolicy":{"Name":"always","MaximumRetryCount":0}}"#, true), (#"{"RestartPolicy":{"Name":"on-failure"}}"#, true),
        (#"{"RestartPolicy":{"Name":"no"}}"#, false), (#"{"RestartPolicy":{"Name":""}}"#, false), (#"{"RestartPolicy":null}"#, false),
        (#"{"RestartPolicy":7}"#, false),
    ])
    func `are started again by their restart policy`(configuration: String, expected: Bool) async throws {
        let body = #"{"Id":"\#(Captured.c2)","Name":"/web","HostConfig":\#(configuration)}"#
        let canned = try CannedEngine { _, connection in try connection.answer(body) }
        #expect(try await canned.engine.container("web")?.startsAgain == expected)
    }

    @Test(arguments: [
        (#"{"IPv4Address":"10.0.0.9","IPv6Address":"fd00::9"}"#, [try IPAddress("10.0.0.9"), try IPAddress("fd00::9")]),
        (#"{"IPv4Address":"","IPv6Address":null}"#, []), ("null", []), ("7", []),
    ])
    func `have the addresses that their users chose`(choice: String, expected: [IPAddress]) async throws {
        let networks = #"{"n1":{"NetworkID":"\#(Captured.n1)","IPAMConfig":\#(choice)}}"#
        let body = #"{"Id":"\#(Captured.c2)","Name":"/web","NetworkSettings":{"Networks":\#(networks)}}"#
        let canned = try CannedEngine { _, connection in try connection.answer(body) }
        #expect(try await canned.engine.container("web")?.attachments.map(\.chosen) == [expected])
    }

    @Test func `are called what a newer engine says, and by their hostname`() async throws {
        let body = #"""
            {"Id":"\#(Captured.c2)","Name":"/web","State":{"Running":false},"Config":{"Hostname":"Hosty.dom"},"HostConfig":{"NetworkMode":"n1","Links":["/db:/web/store"]},
             "NetworkSettings":{"Networks":{"n1":{"NetworkID":"\#(Captured.n1)","EndpointID":"","Aliases":["WEB","x"],"DNSNames":["web","x","c3ddec057420","y"]},
             "odd":7,"n2":{"NetworkID":"\#(Captured.n2)","Aliases":null,"Links":["nothing:here:at all",":","a:b"]}}}}
            """#
        let canned = try CannedEngine { _, connection in try connection.answer(body) }
        let container = try #require(try await canned.engine.container("web"))
        #expect(!container.isRunning)
        #expect(container.created == Timestamp(nanoseconds: 0))
        #expect(container.attachments.map(\.endpoint) == [nil, nil])
        #expect(container.attachments.first?.aliases.map(\.rawValue) == ["x", "c3ddec057420", "y", "Hosty.dom"])
        #expect(container.attachments.first?.links == ["store": try EndpointName("db")])
        #expect(container.attachments.last?.links == ["b": try EndpointName("a")])
    }

    @Test func `that run are listed, without those that went while they were asked about`() async throws {
        let canned = try CannedEngine { line, connection in
            switch line {
            case "GET /v1.41/containers/json":
                try connection.answer(#"[{"Id":"\#(Captured.c1)"},{"Id":"\#(Captured.c2)"},{"Names":["/x"]}]"#)
            case "GET /v1.41/containers/\(Captured.c1)/json": try connection.answer(Captured.container)
            default: try connection.answer(#"{"message":"No such container"}"#, status: "404 Not Found")
            }
        }
        #expect(try await canned.engine.containers().map(\.id) == [Captured.c1])
    }

    @Test func `that cannot be asked about spoil the list, which would say that they are gone`() async throws {
        let canned = try CannedEngine { line, connection in
            switch line {
            case "GET /v1.41/containers/json": try connection.answer(#"[{"Id":"\#(Captured.c1)"},{"Id":"\#(Captured.c2)"}]"#)
            case "GET /v1.41/containers/\(Captured.c1)/json": try connection.answer(Captured.container)
            default: try connection.answer(#"{"message":"it is hard"}"#, status: "500 Internal Server Error")
            }
        }
        let error = try await failure { _ = try await canned.engine.containers() }
        #expect(error == EngineError(.unavailable, "it is hard"))
    }

    @Test(arguments: [
        ("2026-11-24T23:54:31Z", "2026-11-24T23:54:31.000000000Z"), ("2026-11-24T23:54:31.5+01:30", "2026-11-24T22:24:31.500000000Z"),
        ("2024-02-29T00:00:00.1234567891Z", "2024-02-29T00:00:00.123456789Z"),
        ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000000000Z"),
        ("yesterday", "1970-01-01T00:00:00.000000000Z"), ("0001-01-01T00:00:00Z", "1970-01-01T00:00:00.000000000Z"),
    ])
    func `tell when they were made`(text: String, expected: String) async throws {
        let body = #"{"Id":"\#(Captured.c2)","Name":"/web","Created":"\#(text)"}"#
        let canned = try CannedEngine { _, connection in try connection.answer(body) }
        #expect(try await canned.engine.container("web")?.created.description == expected)
    }
}
