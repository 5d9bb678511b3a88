import NameZone
import NetworkModel
import TestSupport
import Testing

@Suite struct `The order of changes` {
    @Test(arguments: 0..<50) func `leaves no trace`(seed: UInt64) throws {
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        let linked = try Fixture.endpoint("8", on: "1", name: "linked", addresses: ["10.0.1.8"], links: ["a": "rose", "b": "nobody"])
        let changes = try Fixture.garden() + [try Fixture.sandbox("3", runtimeID: "0123456789abcdef"), linked]
        let expected = try Fixture.zone(changes)
        #expect(try Fixture.zone(changes.reversed()) == expected)
        #expect(try Fixture.zone(changes.shuffled(using: &generator)) == expected)
    }

    @Test func `what came and went leaves no trace, one by one or squashed`() throws {
        let expected = try Fixture.zone(try Fixture.garden())
        let detour = [
            try Fixture.endpoint("8", on: "1", name: "guest", aliases: ["flower", "guest"], addresses: ["10.0.1.8", "fd00:1::8"]),
            try Fixture.sandbox("8", runtimeID: "ffffffffffffffff"),
            try Fixture.endpoint("8", on: "1", name: "guest2", addresses: ["10.0.1.2"], node: "b"),
            try Fixture.endpoint("7", on: "1", name: "daisy", addresses: ["10.0.1.7"], node: "b", links: ["db": "rose"]),
            try Fixture.endpoint("7", on: "1", name: "tulip", addresses: ["10.0.1.7"], sandbox: "8", links: ["db": "rose"]),
            .sandbox(try Fixture.id("8"), nil), try Fixture.endpointGone("8", on: "1"),
            try Fixture.network("8", name: "gone", subnets: []), .network(try Fixture.id("8"), nil),
            try Fixture.endpointGone("8", on: "1"), .node(try Fixture.id("8"), nil),
        ]
        let squashed = try Fixture.zone(try Fixture.garden() + detour + (try Fixture.garden()))
        var stepwise = try Fixture.zone(try Fixture.garden())
        for change in detour + (try Fixture.garden()) { stepwise.apply([change]) }
        #expect(squashed == expected)
        #expect(stepwise == expected)
    }

    @Test func `an address that moves to another endpoint is the new one's, in either order`() throws {
        let gone = try Fixture.endpointGone("7", on: "1")
        let new = try Fixture.endpoint("8", on: "1", name: "heir", addresses: ["10.0.1.4"])
        for order in [[gone, new], [new, gone]] {
            let zone = try Fixture.zone(try Fixture.garden() + order)
            #expect(zone.answer("4.1.0.10.in-addr.arpa", .ptr, for: try Fixture.asker("10.0.1.2")) == .pointers(["heir.front"]))
        }
    }
}
