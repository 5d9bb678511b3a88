import NameZone
import NetworkModel
import Testing

@Suite struct `Who sees which names` {
    @Test func `a sandbox sees the names of all its networks`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let rose = try Fixture.asker("10.0.1.2")
        #expect(zone.answer("lily", .a, for: rose) == (try Fixture.addresses("10.0.1.3")))
        #expect(zone.answer("iris", .a, for: rose) == (try Fixture.addresses("10.0.2.3")))
        #expect(zone.answer("iris.back", .a, for: rose) == (try Fixture.addresses("10.0.2.3")))
    }

    @Test func `a sandbox sees no name of a network it is not on`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let tulip = try Fixture.asker("10.0.1.4")
        #expect(zone.answer("iris", .a, for: tulip) == .absent)
        #expect(zone.answer("iris.back", .a, for: tulip) == .foreign)
    }

    @Test func `an address that is no endpoint's sees the network it asks in`() throws {
        let zone = try Fixture.zone(try Fixture.garden())
        let stranger = try Fixture.asker("10.0.1.99")
        #expect(zone.answer("lily", .a, for: stranger) == (try Fixture.addresses("10.0.1.3")))
        #expect(zone.answer("iris", .a, for: stranger) == .absent)
    }

    @Test func `an endpoint of another node does not lend its networks to whoever asks from its address`() throws {
        let changes =
            try Fixture.garden() + [try Fixture.endpoint("8", on: "2", name: "lily2", addresses: ["10.0.2.9"], node: "b", sandbox: "5")]
        let zone = try Fixture.zone(changes)
        #expect(zone.answer("iris", .a, for: try Fixture.asker("10.0.1.3")) == .absent)
    }

    @Test func `a name on two of the asker's networks is that of the lowest interface, never a mixture`() throws {
        let changes =
            try Fixture.garden() + [
                try Fixture.endpoint("8", on: "1", name: "twin", addresses: ["10.0.1.8"]),
                try Fixture.endpoint("9", on: "2", name: "twin", addresses: ["10.0.2.8"]),
            ]
        let zone = try Fixture.zone(changes)
        for network in ["1", "2"] {
            let rose = try Fixture.asker("10.0.\(network).2", in: network)
            #expect(zone.answer("twin", .a, for: rose, rotation: 1) == (try Fixture.addresses("10.0.1.8")))
            #expect(zone.answer("twin.back", .a, for: rose) == (try Fixture.addresses("10.0.2.8")))
        }
    }

    @Test func `interfaces count as numbers: eth2 comes before eth10`() throws {
        let changes = [
            try Fixture.network("1", name: "front", subnets: ["10.0.1.0/24"]),
            try Fixture.network("2", name: "back", subnets: ["10.0.2.0/24"]),
            try Fixture.endpoint("3", on: "1", name: "me", addresses: ["10.0.1.2"], interface: "eth10"),
            try Fixture.endpoint("4", on: "2", name: "me", addresses: ["10.0.2.2"], sandbox: "3", interface: "eth2"),
        ]
        #expect(try Fixture.zone(changes).answer("me", .a, for: try Fixture.asker("10.0.1.2")) == (try Fixture.addresses("10.0.2.2")))
    }
}
