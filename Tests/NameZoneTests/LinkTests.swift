import NameZone
import NetworkModel
import Testing

@Suite struct `Links` {
    private func garden(_ links: [String: String], inSync: [String] = ["1", "2"]) throws -> NameZone {
        let changes =
            try Fixture.garden() + [try Fixture.endpoint("7", on: "1", name: "tulip", addresses: ["10.0.1.4"], links: links)]
        return try Fixture.zone(changes, inSync: inSync)
    }

    @Test func `lead to the name that the asker gave them, by themselves and with the network's name`() throws {
        let zone = try garden(["Db": "lily", "short": "333333333333", "other": "flower", "below": "rose.front"])
        let tulip = try Fixture.asker("10.0.1.4")
        for name in ["db", "db.front", "other"] {
            #expect(zone.answer(name, .a, for: tulip) == (try Fixture.addresses("10.0.1.3")))
        }
        #expect(zone.answer("short", .aaaa, for: tulip) == (try Fixture.addresses("fd00:1::2")))
        #expect(zone.answer("below", .a, for: tulip) == (try Fixture.addresses("10.0.1.2")))
        #expect(zone.answer("db", .aaaa, for: tulip) == .noData)
        #expect(zone.answer("db.back", .a, for: tulip) == .foreign)
    }

    @Test func `are the asker's own`() throws {
        let zone = try garden(["db": "lily"])
        for asker in ["10.0.1.2", "10.0.1.3", "10.0.1.99"] {
            #expect(zone.answer("db", .a, for: try Fixture.asker(asker)) == .absent)
        }
    }

    @Test func `come before what others are called, and lead no further than one step`() throws {
        let zone = try garden(["rose": "lily", "lily": "rose"])
        let tulip = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("rose", .a, for: tulip) == (try Fixture.addresses("10.0.1.3")))
        #expect(zone.answer("lily", .a, for: tulip) == (try Fixture.addresses("10.0.1.2")))
    }

    @Test func `to who is not there yet are absent, never asked upstream, and found once it is (lesson 28)`() throws {
        var zone = try garden(["db": "later", "db.example.com": "later"])
        let tulip = try Fixture.asker("10.0.1.4")
        for name in ["db", "db.front", "db.example.com"] { #expect(zone.answer(name, .a, for: tulip) == .absent) }
        #expect(zone.answer("db.example.org", .a, for: tulip) == .foreign)
        zone.apply([try Fixture.endpoint("8", on: "1", name: "Later", addresses: ["10.0.1.8"], node: "b")])
        for name in ["db", "db.front", "db.example.com"] {
            #expect(zone.answer(name, .a, for: tulip) == (try Fixture.addresses("10.0.1.8")))
        }
        zone.apply([try Fixture.nodeGone("b")])
        #expect(zone.answer("db", .a, for: tulip) == .absent)
    }

    @Test func `are unknown before the network has been read`() throws {
        let zone = try garden(["db": "later"], inSync: [])
        #expect(zone.answer("db", .a, for: try Fixture.asker("10.0.1.4")) == .unknown)
        #expect(zone.answer("db.front", .a, for: try Fixture.asker("10.0.1.4")) == .unknown)
    }

    @Test func `hold in their own network, wherever its sandbox asks`() throws {
        let changes =
            try Fixture.garden() + [
                try Fixture.endpoint("3", on: "1", name: "rose", addresses: ["10.0.1.2"], sandbox: "3", links: ["lily": "tulip"]),
                try Fixture.endpoint(
                    "4", on: "2", name: "rose", addresses: ["10.0.2.2"], sandbox: "3", links: ["db": "iris", "x": "tulip"]),
            ]
        let zone = try Fixture.zone(changes)
        for (address, network) in [("10.0.1.2", "1"), ("10.0.2.2", "2")] {
            let rose = try Fixture.asker(address, in: network)
            #expect(zone.answer("db", .a, for: rose) == (try Fixture.addresses("10.0.2.3")))
            #expect(zone.answer("db.back", .a, for: rose) == (try Fixture.addresses("10.0.2.3")))
            #expect(zone.answer("lily", .a, for: rose) == (try Fixture.addresses("10.0.1.4")))
            #expect(zone.answer("x", .a, for: rose) == .absent)
        }
    }

    @Test func `change with their endpoint`() throws {
        var zone = try garden(["db": "lily"])
        zone.apply([try Fixture.endpoint("7", on: "1", name: "tulip", aliases: ["flower"], addresses: ["10.0.1.4"])])
        #expect(zone == (try Fixture.zone(try Fixture.garden())))
    }
}

@Suite struct `A container engine's endpoints` {
    private let container = "0123456789ab" + String(repeating: "c", count: 52)

    @Test(arguments: ["a", "b"])
    func `resolve by their own digits, and once identified by name and container, on every node`(node: String) throws {
        var zone = try Fixture.zone(
            try Fixture.garden() + [
                try Fixture.endpoint("8", on: "1", name: "888888888888", addresses: ["10.0.1.8"], node: node, sandbox: "8")
            ])
        let asker = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("888888888888", .a, for: asker) == (try Fixture.addresses("10.0.1.8")))
        zone.apply([
            try Fixture.endpoint("8", on: "1", name: "daisy", aliases: ["bloom"], addresses: ["10.0.1.8"], node: node, sandbox: container)
        ])
        for name in ["daisy", "bloom", "0123456789ab", "0123456789ab.front"] {
            #expect(zone.answer(name, .a, for: asker) == (try Fixture.addresses("10.0.1.8")))
        }
        #expect(zone.answer("888888888888", .a, for: asker) == .absent)
        #expect(zone.answer("8.1.0.10.in-addr.arpa", .ptr, for: asker) == .pointers(["daisy.front"]))
    }

    @Test func `see all networks of their container once they are identified`() throws {
        func joined(_ sandboxes: [String]) throws -> NameZone {
            try Fixture.zone(
                try Fixture.garden() + [
                    try Fixture.endpoint("8", on: "1", name: "x", addresses: ["10.0.1.8"], sandbox: sandboxes[0], interface: ""),
                    try Fixture.endpoint("9", on: "2", name: "x", addresses: ["10.0.2.9"], sandbox: sandboxes[1], interface: ""),
                ])
        }
        let asker = try Fixture.asker("10.0.1.8")
        #expect(try joined(["8", "9"]).answer("iris", .a, for: asker) == .absent)
        #expect(try joined([container, container]).answer("iris", .a, for: asker) == (try Fixture.addresses("10.0.2.3")))
    }
}
