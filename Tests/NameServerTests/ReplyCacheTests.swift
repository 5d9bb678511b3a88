import NetworkModel
import Testing

@testable import NameServer

@Suite struct `The cache of replies` {
    private static let query = Query("lily").bytes

    private static func asker(_ number: Int, socket: Int = 1) -> ReplyCache.Asker {
        ReplyCache.Asker(socket: socket, address: IPAddress(family: .v4, bits: 0x0a00_0000 + UInt128(number)))
    }

    private func reply(_ cache: borrowing ReplyCache, to query: [UInt8], from asker: ReplyCache.Asker, generation: UInt64 = 1) -> [UInt8]? {
        var memory = [UInt8](repeating: 0, count: 512)
        let size = memory.withUnsafeMutableBytes { memory in
            query.withUnsafeBytes { cache.reply(to: $0, from: asker, generation: generation, in: memory) }
        }
        return size.map { Array(memory.prefix($0)) }
    }

    private func keep(_ reply: [UInt8], in cache: inout ReplyCache, to query: [UInt8], from asker: ReplyCache.Asker, generation: UInt64 = 1)
    {
        reply.withUnsafeBytes { reply in query.withUnsafeBytes { cache.keep(reply, to: $0, from: asker, generation: generation) } }
    }

    @Test func `gives a reply back under the new question's id`() {
        var cache = ReplyCache()
        #expect(reply(cache, to: Self.query, from: Self.asker(1)) == nil)
        keep(Self.query + [7, 8], in: &cache, to: Self.query, from: Self.asker(1))
        let again = [0xab, 0xcd] + Self.query.dropFirst(2)
        #expect(reply(cache, to: again, from: Self.asker(1)) == again + [7, 8])
    }

    @Test func `gives nobody another's reply, though they share its slots`() {
        var cache = ReplyCache()
        for number in 0..<5000 {
            #expect(reply(cache, to: Self.query, from: Self.asker(number)) == nil)
            #expect(reply(cache, to: Self.query, from: Self.asker(number, socket: 2)) == nil)
            keep(Self.query + [UInt8(number & 0xff)], in: &cache, to: Self.query, from: Self.asker(number))
            #expect(reply(cache, to: Self.query, from: Self.asker(number)) == Self.query + [UInt8(number & 0xff)])
        }
    }

    @Test func `tells every question from every other, though they share its slots`() {
        var cache = ReplyCache()
        for number in 0..<5000 {
            let query = Query("name-\(number)").bytes
            #expect(reply(cache, to: query, from: Self.asker(1)) == nil)
            keep(query + [1], in: &cache, to: query, from: Self.asker(1))
        }
        let query = Query("name-4999").bytes
        for index in 2..<query.count {
            var other = query
            other[index] ^= 0x20
            #expect(reply(cache, to: other, from: Self.asker(1)) == nil)
        }
        #expect(reply(cache, to: query.dropLast(), from: Self.asker(1)) == nil)
        #expect(reply(cache, to: query + [0], from: Self.asker(1)) == nil)
        #expect(reply(cache, to: query, from: Self.asker(1)) == query + [1])
    }

    @Test func `forgets when the zone changes`() {
        var cache = ReplyCache()
        keep(Self.query, in: &cache, to: Self.query, from: Self.asker(1), generation: 7)
        #expect(reply(cache, to: Self.query, from: Self.asker(1), generation: 8) == nil)
        #expect(reply(cache, to: Self.query, from: Self.asker(1), generation: 7) != nil)
    }

    @Test func `passes over what is too long or too short for it`() {
        var cache = ReplyCache()
        let long = Self.query + [UInt8](repeating: 0, count: 129)
        for query in [long, [], [1], [1, 2]] {
            keep(Self.query, in: &cache, to: query, from: Self.asker(1))
            #expect(reply(cache, to: query, from: Self.asker(1)) == nil)
        }
        keep([UInt8](repeating: 1, count: 257), in: &cache, to: Self.query, from: Self.asker(1))
        #expect(reply(cache, to: Self.query, from: Self.asker(1)) == nil)
    }
}
