import NameZone
import NetworkModel
import Testing

@Suite struct `What names resolve to` {
    @Test(arguments: ["rose", "rose.front", "333333333333", "333333333333.front"])
    func `name, name with network and short id`(name: String) throws {
        let zone = try Fixture.zone(try Fixture.garden())
        #expect(zone.answer(name, .a, for: try Fixture.asker("10.0.1.4")) == (try Fixture.addresses("10.0.1.2")))
    }

    @Test func `names are folded, whatever their case in the records (lesson 29)`() throws {
        let changes = try Fixture.garden() + [try Fixture.network("1", name: "Front", subnets: ["10.0.1.0/24"])]
        let zone = try Fixture.zone(changes)
        #expect(zone.answer("lily.front", .a, for: try Fixture.asker("10.0.1.4")) == (try Fixture.addresses("10.0.1.3")))
    }

    @Test func `a shared alias gives all addresses, rotated`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("flower", .a, for: asker, rotation: 0) == (try Fixture.addresses("10.0.1.3", "10.0.1.4")))
        #expect(zone.answer("flower", .a, for: asker, rotation: 1) == (try Fixture.addresses("10.0.1.4", "10.0.1.3")))
        #expect(zone.answer("flower", .a, for: asker, rotation: .min) == (try Fixture.addresses("10.0.1.3", "10.0.1.4")))
    }

    @Test func `the runtime's short id resolves, also when the sandbox's record comes last`() throws {
        let container = "0123456789abcdef0123"
        var zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("0123456789ab", .a, for: asker) == .absent)
        zone.apply([try Fixture.sandbox("3", runtimeID: container)])
        #expect(zone.answer("0123456789ab", .a, for: asker) == (try Fixture.addresses("10.0.1.2")))
        zone.apply([.sandbox(try Fixture.id("3"), nil)])
        #expect(zone.answer("0123456789ab", .a, for: asker) == .absent)
        #expect(zone == (try Fixture.zone(try Fixture.garden())))
    }

    @Test func `a renamed endpoint answers to its new name only`() throws {
        var zone = try Fixture.zone(try Fixture.garden())
        zone.apply([try Fixture.endpoint("7", on: "1", name: "daisy", addresses: ["10.0.1.4"])])
        let asker = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("tulip", .a, for: asker) == .absent)
        #expect(zone.answer("daisy", .a, for: asker) == (try Fixture.addresses("10.0.1.4")))
        #expect(zone.answer("flower", .a, for: asker) == (try Fixture.addresses("10.0.1.3")))
    }

    @Test func `names with dots resolve, alone and below their network`() throws {
        let zone = try Fixture.zone(
            try Fixture.garden() + [try Fixture.endpoint("8", on: "1", name: "db.1", addresses: ["10.0.1.8"])])
        for name in ["db.1", "db.1.front"] {
            #expect(zone.answer(name, .a, for: try Fixture.asker("10.0.1.4")) == (try Fixture.addresses("10.0.1.8")))
        }
    }

    @Test func `a network whose name DNS cannot carry still has names`() throws {
        let long = String(repeating: "n", count: 64)
        let zone = try Fixture.zone(try Fixture.garden() + [try Fixture.network("1", name: long, subnets: ["10.0.1.0/24"])])
        let asker = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("rose", .a, for: asker) == (try Fixture.addresses("10.0.1.2")))
        #expect(zone.answer("2.1.0.10.in-addr.arpa", .ptr, for: asker) == .pointers(["rose"]))
    }
}

@Suite struct `What is absent` {
    @Test func `a known name without the type has no data, and is not asked upstream (lesson 28)`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("lily", .aaaa, for: asker) == .noData)
        #expect(zone.answer("flower", .aaaa, for: asker) == .noData)
        #expect(zone.answer("rose", .aaaa, for: asker) == (try Fixture.addresses("fd00:1::2")))
        for type in [RecordType.mx, .txt, .ns, RecordType(rawValue: 33), RecordType(rawValue: 65)] {
            #expect(zone.answer("rose", type, for: asker) == .noData)
        }
    }

    @Test func `any gives one record set (RFC 8482)`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        #expect(zone.answer("rose", .any, for: try Fixture.asker("10.0.1.2")) == (try Fixture.addresses("10.0.1.2")))
    }

    @Test func `absent names that would be ours are absent, others are foreign`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("nosuch", .a, for: asker) == .absent)
        #expect(zone.answer("nosuch", .aaaa, for: asker) == .absent)
        #expect(zone.answer("nosuch.front", .a, for: asker) == .absent)
        #expect(zone.answer("no.such.back", .a, for: asker) == .absent)
        #expect(zone.answer("www.example.com", .a, for: asker) == .foreign)
        #expect(zone.answer("notfront", .a, for: asker) == .absent)
        #expect(zone.answer("x.notfront", .a, for: asker) == .foreign)
    }

    @Test func `a network's own name exists, since names stand below it (RFC 8020)`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        #expect(zone.answer("front", .a, for: try Fixture.asker("10.0.1.2")) == .noData)
    }

    @Test func `the root and questions about zones are foreign`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("", .ns, for: asker) == .foreign)
        #expect(zone.answer("com", .ds, for: asker) == .foreign)
        #expect(zone.answer("com", .a, for: asker) == .absent)
    }

    @Test func `foreign names are not for those on internal networks only`() throws {
        var zone = try Fixture.zone(
            try Fixture.garden() + [try Fixture.network("2", name: "back", subnets: ["10.0.2.0/24"], isInternal: true)])
        #expect(zone.answer("example.com", .a, for: try Fixture.asker("10.0.2.99", in: "2")) == .foreignFromInternal)
        #expect(zone.answer("example.com", .a, for: try Fixture.asker("10.0.2.2", in: "2")) == .foreign)
        zone.apply([try Fixture.endpointGone("3", on: "1")])
        #expect(zone.answer("example.com", .a, for: try Fixture.asker("10.0.2.2", in: "2")) == .foreignFromInternal)
    }

    @Test func `before the network is known nothing is absent`() throws {
        var zone = try Fixture.zone([], inSync: [])
        let asker = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("rose", .a, for: asker) == .unknown)
        #expect(zone.answer("example.com", .a, for: asker) == .unknown)
        zone.apply(try Fixture.garden())
        #expect(zone.answer("lily", .a, for: asker) == (try Fixture.addresses("10.0.1.3")))
        #expect(zone.answer("nosuch", .a, for: asker) == .unknown)
        #expect(zone.answer("nosuch.front", .a, for: asker) == .unknown)
        #expect(zone.answer("9.1.0.10.in-addr.arpa", .ptr, for: asker) == .unknown)
        #expect(zone.answer("example.com", .a, for: asker) == .foreign)
        zone.setInSync(true, try Fixture.id("1"))
        #expect(zone.answer("nosuch", .a, for: asker) == .unknown)
        zone.setInSync(true, try Fixture.id("2"))
        #expect(zone.answer("nosuch", .a, for: asker) == .absent)
    }
}
