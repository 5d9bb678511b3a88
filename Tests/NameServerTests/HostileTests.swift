import NameZone
import NetworkModel
import TestSupport
import Testing

@testable import NameServer

@Suite(.timeLimit(.minutes(1))) struct `Hostile packets` {
    private static let question = Query.wire("lily") + word(1) + word(1)

    private static func header(_ flags: UInt16 = 0x0100, questions: UInt16 = 1, answers: UInt16 = 0, others: UInt16 = 0) -> [UInt8] {
        word(0x1234) + word(flags) + word(questions) + word(answers) + word(0) + word(others)
    }

    /// Sends a packet, and good questions until one is answered after it: the packet's answer, if it has any.
    private func answer(to packet: [UInt8]) async throws -> Reply? {
        try await withLab { lab async throws in
            let asker = try lab.datagrams(from: Garden.tulip)
            var answer: Reply?
            asker.send(packet)
            // Two: the second is asked when the first has been answered, and a reply from elsewhere has had its time.
            for id in [0x7777, 0x7778] as [UInt16] {
                asker.send(Query("tulip", id: id).bytes)
                while let bytes = try await asker.receive() {
                    let reply = try Reply(bytes)
                    guard reply.id == id else {
                        answer = reply
                        continue
                    }
                    #expect(reply.texts == [Garden.tulip])
                    break
                }
            }
            return answer
        }
    }

    @Test(arguments: [
        [], [0x12], [UInt8](repeating: 0, count: 11),  // no header
        header(0x8100) + question,  // a response: answering it could go round for ever
        header(0x8100), header(0xffff, questions: 0xffff),
    ]) func `that are no queries are not answered`(packet: [UInt8]) async throws {
        #expect(try await answer(to: packet) == nil)
    }

    @Test(arguments: [
        header(),  // a question is announced and missing
        header(questions: 0), header(questions: 2) + question + question, header(questions: 0xffff) + question,
        header() + question.dropLast(), header() + question + [0], header(answers: 1) + question, header(others: 9) + question,
        header() + [63], header() + [0xc0, 0x0c] + word(1) + word(1), header() + [0xc0, 0xff] + word(1) + word(1),
        header() + [4] + Array("lily".utf8) + [0xc0, 0x0c] + word(1) + word(1), header() + [0x80, 1, 2] + word(1) + word(1),
        header() + [UInt8](repeating: 1, count: 400),
        header() + (0..<5).flatMap { _ in [63] + [UInt8](repeating: 97, count: 63) } + [0] + word(1) + word(1),
        // An OPT record that says it is longer than it is, and two of them.
        header(others: 1) + question + [0] + word(41) + word(1232) + [0, 0, 0, 0] + word(500),
        header(others: 2) + question + ([0] + word(41) + word(1232) + [0, 0, 0, 0, 0, 0])
            + ([0] + word(41) + word(1232) + [0, 0, 0, 0, 0, 0]),
    ]) func `that are malformed get FORMERR`(packet: [UInt8]) async throws {
        let reply = try #require(try await answer(to: packet))
        #expect(reply.code == 1)
        #expect(reply.id == 0x1234)
        #expect(reply.isResponse)
        #expect(reply.answers == [])
        #expect(reply.bytes.count == 12)
    }

    @Test(arguments: UInt16(1)...15) func `of other opcodes get NOTIMP, with their opcode`(opcode: UInt16) async throws {
        let reply = try #require(try await answer(to: Self.header(opcode << 11 | 0x0100) + Self.question))
        #expect(reply.code == 4)
        #expect(reply.flags & 0x7800 == opcode << 11)
        #expect(reply.answers == [])
    }

    @Test func `with bytes in names that no name has are other people's names`() async throws {
        // Nobody is there to be asked: SERVFAIL, and not one of ours.
        for label in [[UInt8](repeating: 0xff, count: 4), Array("li.ly".utf8), [0, 0, 0], Array(" ".utf8)] {
            let packet = Self.header() + [UInt8(label.count)] + label + [3, 99, 111, 109, 0] + word(1) + word(1)
            try await withLab { lab async throws in
                let asker = try lab.datagrams(from: Garden.tulip)
                asker.send(packet)
                let bytes = try await asker.receive()
                #expect(try bytes.map { try Reply($0).code } == 2)
            }
        }
    }

    @Test(arguments: 0..<4) func `by the thousand, mutated, harm nobody`(seed: UInt64) async throws {
        try await withLab(records: try Garden.crowd(40)) { lab async throws in
            let asker = try lab.datagrams(from: Garden.tulip)
            var mutation = Mutation(seed: seed)
            for round in 0..<1500 {
                asker.send(mutation.next())
                while let bytes = asker.receiveNow() {
                    #expect(bytes.count >= 12 && bytes[2] & 0x80 != 0, "a reply is a response")
                }
                guard round % 100 == 0 else { continue }
                let good = try lab.datagrams(from: Garden.rose)
                good.send(Query("lily", id: UInt16(round)).bytes)
                #expect(try await good.receive().map { try Reply($0).texts } == ["127.1.0.3"])
            }
        }
    }

    @Test func `on a stream, mutated, harm nobody`() async throws {
        try await withLab { lab async throws in
            var mutation = Mutation(seed: 99)
            for _ in 0..<30 {
                let bytes = (0..<20).flatMap { _ in StreamAsker.framed(mutation.next()) }
                try await lab.stream { asker async throws in
                    try? await asker.send(bytes + StreamAsker.framed(Query("lily", id: 1).bytes))
                    while let bytes = try await asker.receive() {
                        if let reply = try? Reply(bytes), reply.texts == ["127.1.0.3"] { break }
                    }
                }
            }
            #expect(try await lab.askOverStream(Query("lily")).texts == ["127.1.0.3"])
        }
    }

    @Test func `by the ten thousand give replies that can be read, or none`() throws {
        let zone = SharedZone(node: Garden.own)
        zone.update { $0.apply((try? Garden.records()) ?? []) }
        var responder = try Responder(zone: zone, timeToLive: 5)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1232, alignment: 8)
        defer { memory.deallocate() }
        var mutation = Mutation(seed: 2026)
        let asker = Asker(network: Garden.front, address: try IPAddress(Garden.tulip))
        for _ in 0..<30_000 {
            let packet = mutation.next()
            let outcome = packet.withUnsafeBytes { responder.respond(to: $0, from: asker, over: .datagram, in: memory) }
            switch outcome {
            case .reply(let size, _):
                let reply = try Reply(Array(memory.prefix(size)))
                #expect(reply.isResponse && reply.id == UInt16(packet[0]) << 8 | UInt16(packet[1]))
            case .forward(let questionEnd, let limit): #expect((17...packet.count).contains(questionEnd) && limit >= 512)
            case .ignore: #expect(packet.count < 12 || packet[2] & 0x80 != 0)
            }
        }
    }

    @Test func `of upstreams, mutated, are no replies or whole ones`() {
        var mutation = Mutation(seed: 5)
        let query = Query("www.example.com")
        let question = ForwardedQuery.Question(message: query.bytes, questionEnd: query.bytes.count, limit: 512)
        for _ in 0..<30_000 {
            let bytes = mutation.next()
            guard let reply = UpstreamReply(bytes, to: question, sentAs: 0x1234) else { continue }
            #expect(reply.message.count == bytes.count)
            #expect(reply.message.prefix(2) == query.bytes.prefix(2))
        }
    }
}

/// Packets from a seed: good ones, with some bytes changed, left out, doubled or added.
struct Mutation {
    private var generator: RandomnessGenerator

    init(seed: UInt64) {
        generator = RandomnessGenerator(SeededRandomness(seed: seed))
    }

    private static let seeds: [[UInt8]] = {
        var response = Query("www.example.com").bytes
        response[2] |= 0x80
        return [
            Query("lily").bytes, Query("crowd", edns: .init()).bytes, Query("3.0.1.127.in-addr.arpa", .ptr).bytes,
            Query("rose", .aaaa, edns: .init(flags: 0x8000, options: [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])).bytes,
            Query("nosuch.front", .any).bytes, Query(String(repeating: "a.", count: 120)).bytes, response,
        ]
    }()

    mutating func next() -> [UInt8] {
        var packet = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)]
        for _ in 0..<Int.random(in: 0..<6, using: &generator) where !packet.isEmpty {
            let place = Int.random(in: 0..<packet.count, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: packet.removeSubrange(place...)
            case 1: packet.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 2: packet += packet[place...]
            case 3: packet[place] = [0, 1, 0x0c, 0x3f, 0x40, 0x80, 0xc0, 0xff].randomElement(using: &generator) ?? 0
            case 4: packet.remove(at: place)
            default: packet[place] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        return Array(packet.prefix(4000))
    }
}
