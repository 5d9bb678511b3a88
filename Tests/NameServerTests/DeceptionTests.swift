import NameServer
import NetworkModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Forwarding is not deceived` {
    private func texts(_ liar: FakeUpstream, then honest: FakeUpstream) async throws -> [String] {
        let reply = try await withLab(resolvers: FixedResolvers([liar.resolver, honest.resolver])) { try await $0.ask("www.example.com") }
        await liar.stop()
        await honest.stop()
        return reply.texts
    }

    @Test func `by another id`() async throws {
        let liar = try await FakeUpstream.start("127.9.1.1") { query, _ in
            (1...50).map { offset in
                var bytes = FakeUpstream.reply(to: query, addresses: ["203.0.113.6"])
                bytes[1] &+= UInt8(offset)
                return .answer(bytes)
            }
        }
        let honest = try await FakeUpstream.honest("127.9.1.2", saying: "192.0.2.7")
        #expect(try await texts(liar, then: honest) == ["192.0.2.7"])
    }

    @Test func `by another question`() async throws {
        let liar = try await FakeUpstream.start("127.9.1.3") { query, _ in
            var other = Query("www.example.org").bytes
            other.replaceSubrange(0..<2, with: query.prefix(2))
            var type = query
            type[type.count - 3] = 28
            return [other, type, Array(query.prefix(12))].map { .answer(FakeUpstream.reply(to: $0, addresses: ["203.0.113.6"])) }
        }
        let honest = try await FakeUpstream.honest("127.9.1.4", saying: "192.0.2.7")
        #expect(try await texts(liar, then: honest) == ["192.0.2.7"])
    }

    @Test func `by another sender`() async throws {
        let liar = try await FakeUpstream.start("127.9.1.5") { query, _ in
            [.forge(FakeUpstream.reply(to: query, addresses: ["203.0.113.6"]))]
        }
        let honest = try await FakeUpstream.honest("127.9.1.6", saying: "192.0.2.7")
        #expect(try await texts(liar, then: honest) == ["192.0.2.7"])
    }

    @Test func `by its own query sent back`() async throws {
        let liar = try await FakeUpstream.start("127.9.1.7") { query, _ in [.answer(query), .answer([]), .answer([1, 2, 3])] }
        let honest = try await FakeUpstream.honest("127.9.1.8", saying: "192.0.2.7")
        #expect(try await texts(liar, then: honest) == ["192.0.2.7"])
    }

    @Test func `by liars first and the truth later, from one resolver`() async throws {
        let upstream = try await FakeUpstream.start("127.9.1.9") { query, _ in
            var lie = FakeUpstream.reply(to: query, addresses: ["203.0.113.6"])
            lie[0] ^= 0xff
            return [.answer(lie), .answer(FakeUpstream.reply(to: query, addresses: ["192.0.2.7"]))]
        }
        let reply = try await withLab(resolvers: FixedResolvers([upstream.resolver])) { try await $0.ask("www.example.com") }
        #expect(reply.texts == ["192.0.2.7"])
        await upstream.stop()
    }

    @Test func `uses another id and another port each time`() async throws {
        let upstream = try await FakeUpstream.honest("127.9.1.10", saying: "192.0.2.7")
        try await withLab(resolvers: FixedResolvers([upstream.resolver])) { lab async throws in
            for _ in 0..<20 { _ = try await lab.ask("www.example.com") }
        }
        #expect(Set(upstream.queries.map { Array($0.prefix(2)) }).count > 15)
        await upstream.stop()
    }

    @Test func `never asks an address that it serves at itself`() async throws {
        let own = "127.1.\(Lab.ownAddress())"
        // Not itself, for once, but at one of its addresses: that is how it would be known.
        let itself = try await FakeUpstream.honest(own, saying: "203.0.113.6")
        let options = quickOptions { $0.stagger = .seconds(3) }
        try await withLab(resolvers: FixedResolvers([itself.resolver]), options: options) { lab async throws in
            #expect(try await lab.ask("www.example.com").texts == ["203.0.113.6"])
            let pair = try Loopback.pair(own)
            try await lab.server.serve(.network(Garden.front), at: try IPAddress(own), datagram: pair.datagram, stream: pair.stream)
            #expect(try await lab.ask("www.example.com").code == 2)
            #expect(itself.queries.count == 1)
            await lab.server.stop(.network(Garden.front))
            #expect(try await lab.ask("www.example.com", from: "127.2.0.3", in: Garden.back).texts == ["203.0.113.6"])
        }
        await itself.stop()
    }
}
