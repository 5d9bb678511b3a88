import NameZone
import NetworkModel
import Testing

@Suite struct `Names of nodes` {
    @Test func `a dead node's names go, and come back with it (lesson 7)`() throws {
        var zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.2")
        zone.apply([try Fixture.nodeGone("b")])
        #expect(zone.answer("lily", .a, for: asker) == .absent)
        #expect(zone.answer("lily.front", .a, for: asker) == .absent)
        #expect(zone.answer("flower", .a, for: asker) == (try Fixture.addresses("10.0.1.4")))
        #expect(zone.answer("3.1.0.10.in-addr.arpa", .ptr, for: asker) == .absent)
        zone.apply([try Fixture.node("b")])
        #expect(zone.answer("lily", .a, for: asker) == (try Fixture.addresses("10.0.1.3")))
        #expect(zone.answer("3.1.0.10.in-addr.arpa", .ptr, for: asker) == .pointers(["Lily.front"]))
    }

    @Test func `a dead node's name with a dot is not asked upstream either (lesson 28)`() throws {
        var zone = try Fixture.zone(
            try Fixture.garden() + [try Fixture.endpoint("8", on: "1", name: "db.1", addresses: ["10.0.1.8"], node: "b")])
        zone.apply([try Fixture.nodeGone("b")])
        #expect(zone.answer("db.1", .a, for: try Fixture.asker("10.0.1.2")) == .absent)
    }

    @Test func `the own node's names stay while its record is away`() throws {
        var zone = try Fixture.zone(try Fixture.garden())
        zone.apply([try Fixture.nodeGone("a")])
        #expect(zone.answer("rose", .a, for: try Fixture.asker("10.0.1.4")) == (try Fixture.addresses("10.0.1.2")))
    }
}

@Suite struct `Reverse names` {
    @Test func `addresses of both families have names`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.4")
        let nibbles = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa"
        #expect(zone.answer("2.1.0.10.in-addr.arpa", .ptr, for: asker) == .pointers(["rose.front"]))
        #expect(zone.answer(nibbles, .ptr, for: asker) == .pointers(["rose.front"]))
        #expect(zone.answer("2.1.0.10.in-addr.arpa", .a, for: asker) == .noData)
    }

    @Test func `absent addresses of our subnets are never asked upstream (lesson 28)`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let asker = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("77.1.0.10.in-addr.arpa", .ptr, for: asker) == .absent)
        #expect(zone.answer("77.9.0.10.in-addr.arpa", .ptr, for: asker) == .foreign)
        #expect(zone.answer("2.2.0.10.in-addr.arpa", .ptr, for: asker) == .foreign)
    }

    @Test(arguments: [
        "1.0.10.in-addr.arpa", "300.1.0.10.in-addr.arpa", "+2.1.0.10.in-addr.arpa", "02.1.0.10.in-addr.arpa", "2.1.0.10.0.in-addr.arpa",
        "..1.0.10.in-addr.arpa", "-2.1.0.10.in-addr.arpa", "2.1.0.10.in-addr.arpa.arpa", "a.ip6.arpa", "in-addr.arpa", ".in-addr.arpa",
    ])
    func `what is no whole address is foreign`(name: String) throws {
        let zone = try Fixture.zone(try Fixture.garden())
        #expect(zone.answer(name, .ptr, for: try Fixture.asker("10.0.1.4")) == .foreign)
    }
}
