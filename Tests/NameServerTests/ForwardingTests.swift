import NIOCore
import NameServer
import NetworkModel
import TestSupport
import Testing

/// Foreign names, with fake resolvers that are dead, slow or lying (lesson 28).
@Suite(.timeLimit(.minutes(1))) struct `Forwarding` {
    /// The next resolver is not asked because the machine is slow.
    private static let patientOptions = quickOptions {
        $0.stagger = .seconds(60)
        $0.forwardingDeadline = .seconds(60)
    }

    /// Asks for a foreign name with these resolvers behind the server.
    private func ask(
        _ query: Query = Query("www.example.com"), among upstreams: [FakeUpstream], first: [Resolver] = [],
        options: NameServerOptions = Self.patientOptions
    ) async throws -> Reply {
        let resolvers = FixedResolvers(first + upstreams.map(\.resolver))
        let reply = try await withLab(resolvers: resolvers, options: options) { try await $0.ask(query) }
        for upstream in upstreams { await upstream.stop() }
        return reply
    }

    @Test func `asks the host's resolver and hands on what it says`() async throws {
        let upstream = try await FakeUpstream.honest(saying: "192.0.2.7", "192.0.2.8")
        let reply = try await ask(Query("WWW.example.com", id: 0xabcd), among: [upstream])
        #expect(reply.id == 0xabcd)
        #expect(reply.code == 0)
        #expect(!reply.isAuthoritative)
        #expect(reply.texts == ["192.0.2.7", "192.0.2.8"])
        #expect(reply.question == "WWW.example.com")
        #expect(upstream.queries.count == 1)
    }

    @Test func `asks under an id of its own, with everything else as the asker wrote it`() async throws {
        let upstream = try await FakeUpstream.honest(saying: "192.0.2.7")
        let query = Query("www.example.com", .mx, id: 0xabcd, edns: .init(payload: 4000, flags: 0x8000, options: [0, 10, 0, 2, 1, 2]))
        _ = try await ask(query, among: [upstream])
        #expect(upstream.queries.map { Array($0.dropFirst(2)) } == [Array(query.bytes.dropFirst(2))])
        #expect(upstream.queries.map { Array($0.prefix(2)) } != [word(0xabcd)])
    }

    @Test(arguments: [("lily", 0), ("lily.front", 0), ("nosuch", 3), ("nosuch.front", 3)] as [(String, UInt16)])
    func `never asks for names that would be ours (lesson 28)`(name: String, code: UInt16) async throws {
        let upstream = try await FakeUpstream.honest(saying: "192.0.2.7")
        for type in [RRType.a, .aaaa] {
            let reply = try await ask(Query(name, type), among: [upstream])
            #expect(reply.code == code)
        }
        let reverse = try await ask(Query("99.0.1.127.in-addr.arpa", .ptr), among: [upstream])
        #expect(reverse.code == 3)
        #expect(upstream.queries == [])
    }

    @Test func `passes a dead resolver by`() async throws {
        let upstream = try await FakeUpstream.honest("127.9.0.2", saying: "192.0.2.7")
        let dead = try FakeUpstream.dead("127.9.0.3")
        // It does not wait for the head start: a port that nobody listens at says so.
        let reply = try await ask(among: [upstream], first: [dead])
        #expect(reply.texts == ["192.0.2.7"])
    }

    @Test func `races a silent resolver with the next`() async throws {
        let silent = try await FakeUpstream.silent("127.9.0.4")
        let upstream = try await FakeUpstream.honest("127.9.0.5", saying: "192.0.2.7")
        let reply = try await ask(among: [silent, upstream], options: quickOptions())
        #expect(reply.texts == ["192.0.2.7"])
        try await eventually("the silent one was asked too") { !silent.queries.isEmpty }
    }

    @Test func `takes a slow resolver's answer when nobody else has one`() async throws {
        let slow = try await FakeUpstream.start("127.9.0.6") { query, _ in
            [.answerLater(FakeUpstream.reply(to: query, addresses: ["192.0.2.9"]), .milliseconds(200))]
        }
        let silent = try await FakeUpstream.silent("127.9.0.7")
        let reply = try await ask(among: [slow, silent], options: quickOptions())
        #expect(reply.texts == ["192.0.2.9"])
    }

    @Test func `asks again when a datagram was lost`() async throws {
        let counter = Counter()
        let upstream = try await FakeUpstream.start("127.9.0.8") { query, _ in
            counter.next() == 1 ? [] : [.answer(FakeUpstream.reply(to: query, addresses: ["192.0.2.7"]))]
        }
        #expect(try await ask(among: [upstream], options: quickOptions()).texts == ["192.0.2.7"])
    }

    @Test func `says SERVFAIL when nobody answers in time, and when there is nobody`() async throws {
        let silent = try await FakeUpstream.silent("127.9.0.9")
        let reply = try await ask(among: [silent], options: quickOptions { $0.forwardingDeadline = .milliseconds(150) })
        #expect(reply.code == 2)
        #expect(reply.question == "www.example.com")
        let alone = try await ask(among: [])
        #expect(alone.code == 2)
        let onlyDead = try await ask(among: [], first: [try FakeUpstream.dead("127.9.0.10")])
        #expect(onlyDead.code == 2)
    }

    @Test(arguments: [UInt8(2), 3, 4, 5]) func `hands on the code it was given`(code: UInt8) async throws {
        let upstream = try await FakeUpstream.saying(code: code, at: "127.9.0.11")
        #expect(try await ask(among: [upstream]).code == UInt16(code))
    }

    @Test(arguments: [UInt8(2), 5, 4]) func `asks another when one fails or refuses`(code: UInt8) async throws {
        let failing = try await FakeUpstream.saying(code: code, at: "127.9.0.12")
        let upstream = try await FakeUpstream.honest("127.9.0.13", saying: "192.0.2.7")
        let reply = try await ask(among: [failing, upstream])
        #expect(reply.texts == ["192.0.2.7"])
    }

    @Test func `takes the first failure when all fail`() async throws {
        let refusing = try await FakeUpstream.saying(code: 5, at: "127.9.0.14")
        let failing = try await FakeUpstream.saying(code: 2, at: "127.9.0.15")
        #expect(try await ask(among: [refusing, failing]).code == 5)
    }

    @Test func `does not ask another about a name that one says is absent`() async throws {
        let absent = try await FakeUpstream.saying(code: 3, at: "127.9.0.16")
        let upstream = try await FakeUpstream.honest("127.9.0.17", saying: "192.0.2.7")
        #expect(try await ask(among: [absent, upstream]).code == 3)
        #expect(upstream.queries == [])
    }

    @Test func `asks again over TCP when a reply is cut`() async throws {
        let addresses = (1...20).map { "192.0.2.\($0)" }
        let upstream = try await FakeUpstream.start("127.9.0.18") { query, transport in
            [.answer(FakeUpstream.reply(to: query, addresses: transport == .stream ? addresses : [], isTruncated: transport == .datagram))]
        }
        #expect(try await ask(among: [upstream]).texts == addresses)
        #expect(upstream.transports == [.datagram, .stream])
    }

    @Test func `leaves a reply cut that the asker cannot take, who then asks over TCP`() async throws {
        let addresses = (1...100).map { "192.0.2.\($0)" }
        let upstream = try await FakeUpstream.start("127.9.0.19") { query, transport in
            [.answer(FakeUpstream.reply(to: query, addresses: transport == .stream ? addresses : [], isTruncated: transport == .datagram))]
        }
        try await withLab(resolvers: FixedResolvers([upstream.resolver])) { lab async throws in
            let cut = try await lab.ask("www.example.com")
            #expect(cut.isTruncated)
            #expect(cut.bytes.count <= 512)
            let whole = try await lab.askOverStream(Query("www.example.com"))
            #expect(whole.texts == addresses)
        }
        await upstream.stop()
    }

    @Test func `cuts a reply itself that is longer than the asker takes`() async throws {
        let addresses = (1...100).map { "192.0.2.\($0)" }
        let upstream = try await FakeUpstream.start("127.9.0.20") { query, _ in
            [.answer(FakeUpstream.reply(to: query, addresses: addresses))]
        }
        let reply = try await ask(among: [upstream])
        #expect(reply.isTruncated)
        #expect(reply.answers == [])
        #expect(reply.question == "www.example.com")
    }

    @Test func `keeps the cut reply when TCP gives nothing`() async throws {
        let upstream = try await FakeUpstream.start("127.9.0.21") { query, transport in
            transport == .stream ? [.hangUp] : [.answer(FakeUpstream.reply(to: query, isTruncated: true))]
        }
        #expect(try await ask(among: [upstream]).isTruncated)
    }

    @Test func `gives the asker its own case back (lesson 29)`() async throws {
        let upstream = try await FakeUpstream.start("127.9.0.22") { query, _ in
            let lowered = query.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
            return [.answer(FakeUpstream.reply(to: Array(query.prefix(12)) + lowered.dropFirst(12), addresses: ["192.0.2.7"]))]
        }
        let reply = try await ask(Query("WwW.ExAmPlE.cOm"), among: [upstream])
        #expect(reply.question == "WwW.ExAmPlE.cOm")
        #expect(reply.texts == ["192.0.2.7"])
    }

    @Test func `answers many at once, each with its own`() async throws {
        let upstream = try await FakeUpstream.start("127.9.0.23") { query, _ in
            // The first label is the last byte of the address; the later ones are answered first.
            let number = Int(String(decoding: query[13..<13 + Int(query[12])], as: UTF8.self)) ?? 0
            return [.answerLater(FakeUpstream.reply(to: query, addresses: ["192.0.2.\(number)"]), .milliseconds(Int64(100 - number)))]
        }
        try await withLab(resolvers: FixedResolvers([upstream.resolver]), options: quickOptions { $0.stagger = .seconds(2) }) {
            lab async throws in
            let asker = try lab.datagrams(from: Garden.tulip)
            for number in 0..<100 { asker.send(Query("\(number).example.com", id: UInt16(number)).bytes) }
            for _ in 0..<100 {
                guard let bytes = try await asker.receive() else { throw NoAnswer() }
                let reply = try Reply(bytes)
                #expect(reply.texts == ["192.0.2.\(reply.id)"])
            }
        }
        await upstream.stop()
    }

    @Test func `has a limit, beyond which it fails at once and our own names still answer`() async throws {
        let silent = try await FakeUpstream.silent("127.9.0.24")
        let options = quickOptions {
            $0.forwardingLimit = 2
            $0.forwardingDeadline = .seconds(30)
        }
        try await withLab(resolvers: FixedResolvers([silent.resolver]), options: options) { lab async throws in
            let waiting = try lab.datagrams(from: Garden.tulip)
            for number in 0..<2 { waiting.send(Query("\(number).example.com").bytes) }
            try await eventually("both are being asked") { silent.queries.count >= 2 }
            #expect(try await lab.ask("www.example.com").code == 2)
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
        }
        await silent.stop()
    }

    @Test func `over TCP may answer out of order`() async throws {
        let slow = try await FakeUpstream.start("127.9.0.25") { query, _ in
            [.answerLater(FakeUpstream.reply(to: query, addresses: ["192.0.2.7"]), .milliseconds(100))]
        }
        try await withLab(resolvers: FixedResolvers([slow.resolver]), options: quickOptions { $0.stagger = .seconds(5) }) {
            lab async throws in
            try await lab.stream { asker async throws in
                try await asker.send(
                    StreamAsker.framed(Query("www.example.com", id: 1).bytes) + StreamAsker.framed(Query("lily", id: 2).bytes))
                asker.finish()
                #expect(try await asker.receive().map { try Reply($0).id } == 2)
                #expect(try await asker.receive().map { try Reply($0).texts } == ["192.0.2.7"])
                #expect(try await asker.receive() == nil)
            }
        }
        await slow.stop()
    }
}
