import Glibc
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import NameServer

@Suite(.timeLimit(.minutes(1))) struct `Names on the host` {
    /// Asks on the host, from the address of an endpoint of ours.
    private func ask(_ query: Query, among upstreams: [FakeUpstream], overStream: Bool = false) async throws -> Reply {
        let reply = try await withLab(resolvers: FixedResolvers(upstreams.map(\.resolver))) { lab async throws in
            let address = "127.3.\(Lab.ownAddress())"
            let pair = try Loopback.pair(address)
            // What the same address was told in its network is no answer here.
            _ = try await lab.ask(query)
            try await lab.server.serve(.host, at: try IPAddress(address), datagram: pair.datagram, stream: pair.stream)
            return overStream
                ? try await Self.overStream(query, to: address, pair.port) : try await Self.datagram(query, to: address, pair.port)
        }
        for upstream in upstreams { await upstream.stop() }
        return reply
    }

    private static func datagram(_ query: Query, to address: String, _ port: UInt16) async throws -> Reply {
        let asker = try DatagramAsker(from: Garden.tulip, to: address, port: port)
        asker.send(query.bytes)
        guard let bytes = try await asker.receive() else { throw NoAnswer() }
        return try Reply(bytes)
    }

    private static func overStream(_ query: Query, to address: String, _ port: UInt16) async throws -> Reply {
        try await withStream(from: Garden.tulip, to: address, port: port) { asker in
            try await asker.send(StreamAsker.framed(query.bytes))
            guard let bytes = try await asker.receive() else { throw NoAnswer() }
            return try Reply(bytes)
        }
    }

    @Test(arguments: ["rose", "rose.front", "flower", "nosuch", "www.example.com"], [false, true])
    func `are all asked of the host's resolvers`(name: String, overStream: Bool) async throws {
        let upstream = try await FakeUpstream.honest("127.9.2.1", saying: "192.0.2.7")
        let reply = try await ask(Query(name), among: [upstream], overStream: overStream)
        #expect(reply.texts == ["192.0.2.7"])
        #expect(!reply.isAuthoritative)
    }

    @Test func `are not told backwards either`() async throws {
        let upstream = try await FakeUpstream.saying(code: 3, at: "127.9.2.2")
        let reply = try await ask(Query("4.0.1.127.in-addr.arpa", .ptr), among: [upstream])
        #expect(reply.code == 3)
        #expect(!reply.isAuthoritative)
        #expect(!upstream.queries.isEmpty)
    }

    @Test func `are refused where they are in a network`() async throws {
        #expect(try await ask(Query("example.com", .axfr), among: []).code == 5)
    }

    @Test func `are served until the host is stopped, whatever becomes of a network`() async throws {
        try await withLab { lab async throws in
            let address = "127.3.\(Lab.ownAddress())"
            let pair = try Loopback.pair(address)
            try await lab.server.serve(.host, at: try IPAddress(address), datagram: pair.datagram, stream: pair.stream)
            await lab.server.stop(.network(Garden.front))
            #expect(try await Self.datagram(Query("www.example.com"), to: address, pair.port).code == 2)
            await lab.server.stop(.host)
            // A thread that waits for the socket lets go of it a moment later.
            try await eventually("the address is free") {
                guard let descriptor = try? Loopback.bound(address, pair.port, SOCK_DGRAM) else { return false }
                close(descriptor)
                return true
            }
        }
    }
}

@Suite struct `The name service's own address` {
    /// Remembers whom it was to ask, and reaches nobody.
    private final class Recorder: Upstreams {
        private let list = Mutex<[IPAddress]>([])
        var asked: Set<IPAddress> { Set(list.withLock { $0 }) }

        func exchange(
            _ message: [UInt8], with resolver: Resolver, over transport: Responder.Transport,
            accept: @escaping @Sendable ([UInt8]) -> UpstreamReply?
        ) async -> UpstreamReply? {
            list.withLock { $0.append(resolver.address) }
            return nil
        }
    }

    @Test func `is never asked, also where this server does not serve it`() async throws {
        let recorder = Recorder()
        let other = IPAddress(192, 0, 2, 53)
        let race = Race(
            upstreams: recorder, clock: ContinuousClock(), randomness: SeededRandomness(seed: 7), stagger: .seconds(60),
            deadline: .seconds(60))
        let forwarder = Forwarder(
            race: race, resolvers: FixedResolvers([Resolver(address: .nameService), Resolver(address: other)]), limit: 8)
        let query = Query("www.example.com").bytes
        let question = ForwardedQuery.Question(message: query, questionEnd: query.count, limit: 512)
        let (replies, continuation) = AsyncStream<[UInt8]>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await forwarder.run() }
            forwarder.submit(ForwardedQuery(question: question) { continuation.yield($0) })
            for await _ in replies { break }
            group.cancelAll()
        }
        #expect(recorder.asked == [other])
    }
}
