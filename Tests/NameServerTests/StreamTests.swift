import Glibc
import Logging
import NameServer
import NetworkModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `TCP` {
    @Test func `answers what UDP answers`() async throws {
        try await withLab { lab async throws in
            for query in [
                Query("lily"), Query("nosuch"), Query("rose", .aaaa), Query("LILY", edns: .init()), Query("lily", edns: .init(version: 3)),
            ] {
                let (overStream, overDatagram) = (try await lab.askOverStream(query), try await lab.ask(query))
                #expect(overStream == overDatagram)
            }
        }
    }

    @Test func `answers many questions of one connection, however they are cut`() async throws {
        try await withLab { lab async throws in
            try await lab.stream { asker async throws in
                let messages = (0..<100).map { StreamAsker.framed(Query($0 % 2 == 0 ? "lily" : "tulip", id: UInt16($0)).bytes) }
                try await asker.send(messages.flatMap { $0 })
                for byte in StreamAsker.framed(Query("rose", id: 100).bytes) { try await asker.send([byte]) }
                var texts: [UInt16: [String]] = [:]
                while texts.count < 101, let bytes = try await asker.receive() {
                    let reply = try Reply(bytes)
                    texts[reply.id] = reply.texts
                }
                #expect(texts.count == 101)
                #expect(texts[0] == ["127.1.0.3"])
                #expect(texts[99] == ["127.1.0.4"])
                #expect(texts[100] == ["127.1.0.2"])
            }
        }
    }

    @Test func `knows who asks`() async throws {
        try await withLab { lab async throws in
            #expect(try await lab.askOverStream(Query("iris"), from: Garden.rose).texts == ["127.2.0.3"])
            #expect(try await lab.askOverStream(Query("iris"), from: Garden.tulip).code == 3)
        }
    }

    @Test func `closes a silent connection`() async throws {
        try await withLab(options: quickOptions { $0.connectionIdleTimeout = .milliseconds(50) }) { lab async throws in
            try await lab.stream { asker async throws in
                #expect(await asker.isClosed())
            }
            try await lab.stream { asker async throws in
                // Half a message is silence too.
                try await asker.send([0, 40, 1])
                #expect(await asker.isClosed())
            }
        }
    }

    @Test func `answers an asker that has closed its half`() async throws {
        try await withLab { lab async throws in
            try await lab.stream { asker async throws in
                try await asker.send(StreamAsker.framed(Query("lily").bytes))
                asker.finish()
                let bytes = try await asker.receive()
                #expect(try bytes.map { try Reply($0).texts } == ["127.1.0.3"])
                #expect(try await asker.receive() == nil)
            }
        }
    }

    @Test func `has a limit of connections a network, and room again when some have gone`() async throws {
        try await withLab(options: quickOptions { $0.connectionsPerNetwork = 2 }) { lab async throws in
            try await lab.stream { first async throws in
                try await first.send(StreamAsker.framed(Query("lily").bytes))
                #expect(try await first.receive() != nil)
                try await lab.stream { second async throws in
                    try await second.send(StreamAsker.framed(Query("lily").bytes))
                    #expect(try await second.receive() != nil)
                    try await lab.stream { third async throws in
                        #expect(try await third.receive() == nil)
                    }
                    // Other networks have their own.
                    try await lab.stream(from: "127.2.0.2", in: Garden.back) { other async throws in
                        try await other.send(StreamAsker.framed(Query("iris").bytes))
                        #expect(try await other.receive() != nil)
                    }
                }
            }
            try await eventually("there is room again") {
                (try? await lab.askOverStream(Query("lily")).texts) == ["127.1.0.3"]
            }
        }
    }

    @Test func `gives nothing for messages that are no questions, and goes on`() async throws {
        try await withLab { lab async throws in
            try await lab.stream { asker async throws in
                var response = Query("lily").bytes
                response[2] |= 0x80
                try await asker.send([0, 0] + StreamAsker.framed([1, 2, 3]) + StreamAsker.framed(response))
                try await asker.send(StreamAsker.framed(Query("lily", id: 9).bytes))
                let bytes = try await asker.receive()
                #expect(try bytes.map { try Reply($0).id } == 9)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Serving` {
    @Test func `answers what was asked before it ran`() async throws {
        let server = try NameServer(
            node: Garden.own, resolvers: FixedResolvers([]), clock: ContinuousClock(), randomness: SeededRandomness(seed: 1),
            logger: Logger(label: "test"))
        server.apply(try Garden.records())
        let address = "127.1.\(Lab.ownAddress())"
        let pair = try Loopback.pair(address)
        try await server.serve(.network(Garden.front), at: try IPAddress(address), datagram: pair.datagram, stream: pair.stream)
        let asker = try DatagramAsker(from: Garden.tulip, to: address, port: pair.port)
        asker.send(Query("lily").bytes)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let bytes = try await asker.receive()
            #expect(try bytes.map { try Reply($0).texts } == ["127.1.0.3"])
            group.cancelAll()
            try await group.waitForAll()
        }
        // Stopped, it takes no more sockets, and its addresses are free.
        let again = (
            datagram: try Loopback.bound(address, pair.port, SOCK_DGRAM),
            stream: try Loopback.bound(address, pair.port, SOCK_STREAM)
        )
        await #expect(throws: NameServerError.self) {
            try await server.serve(.network(Garden.front), at: try IPAddress(address), datagram: again.datagram, stream: again.stream)
        }
    }

    @Test func `of one network ends without the other's`() async throws {
        try await withLab { lab async throws in
            let place = try lab.place(Garden.front)
            try await lab.stream { asker async throws in
                try await asker.send(StreamAsker.framed(Query("lily").bytes))
                #expect(try await asker.receive() != nil)
                await lab.server.stop(.network(Garden.front))
                #expect(try await asker.receive() == nil)
            }
            // The addresses are free, and can be served again: a thread that waits for the socket lets go of it a moment later.
            var bound: Int32?
            try await eventually("the address is free") {
                bound = try? Loopback.bound(place.address, place.port, SOCK_DGRAM)
                return bound != nil
            }
            let datagram = try #require(bound)
            let stream = try Loopback.bound(place.address, place.port, SOCK_STREAM)
            #expect(try await lab.ask("iris", from: "127.2.0.3", in: Garden.back).texts == ["127.2.0.3"])
            try await lab.server.serve(.network(Garden.front), at: try IPAddress(place.address), datagram: datagram, stream: stream)
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
            #expect(try await lab.askOverStream(Query("lily")).texts == ["127.1.0.3"])
        }
    }

    @Test func `has as many addresses a network as it has gateways`() async throws {
        try await withLab { lab async throws in
            let pair = try Loopback.pair("127.1.0.254")
            try await lab.server.serve(
                .network(Garden.front), at: try IPAddress("127.1.0.254"), datagram: pair.datagram, stream: pair.stream)
            let asker = try DatagramAsker(from: Garden.tulip, to: "127.1.0.254", port: pair.port)
            asker.send(Query("lily").bytes)
            #expect(try await asker.receive().map { try Reply($0).texts } == ["127.1.0.3"])
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
        }
    }

    @Test func `knows who asks over IPv6 too`() async throws {
        // `me` is on both networks, with the address that asks.
        let records = [
            try Garden.endpoint("8", on: "1", "me", "::1", sandbox: "8"),
            try Garden.endpoint("9", on: "2", "me", "127.2.0.9", sandbox: "8"),
        ]
        for (isKnown, code) in [(true, 0), (false, 3)] as [(Bool, UInt16)] {
            try await withLab(records: isKnown ? records : []) { lab async throws in
                let pair = try Loopback.pair("::1")
                try await lab.server.serve(.network(Garden.front), at: try IPAddress("::1"), datagram: pair.datagram, stream: pair.stream)
                let asker = try DatagramAsker(from: "::1", to: "::1", port: pair.port)
                for _ in 0..<2 {
                    asker.send(Query("iris").bytes)
                    #expect(try await asker.receive().map { try Reply($0).code } == code)
                }
                try await withStream(from: "::1", to: "::1", port: pair.port) { asker async throws in
                    try await asker.send(StreamAsker.framed(Query("iris").bytes))
                    #expect(try await asker.receive().map { try Reply($0).code } == code)
                }
            }
        }
    }

    @Test func `answers many askers at once, each its own question`() async throws {
        try await withLab(records: try Garden.crowd(256)) { lab async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for asker in 0..<16 {
                    group.addTask {
                        let socket = try lab.datagrams(from: "127.1.3.\(asker)")
                        var right = 0
                        for round in 0..<64 {
                            let number = (asker * 64 + round) % 256
                            socket.send(Query("one-of-\(number)", id: UInt16(number)).bytes)
                            guard let bytes = try await socket.receive() else { continue }
                            let reply = try Reply(bytes)
                            if reply.id == UInt16(number), reply.texts == ["127.1.16.\(number)"] { right += 1 }
                        }
                        return right
                    }
                }
                let right = try await group.reduce(0, +)
                #expect(right == 16 * 64)
            }
        }
    }

    @Test func `while names change all the time gives no torn answer`() async throws {
        try await withLab { lab async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for round in 0..<2000 where !Task.isCancelled {
                        lab.server.apply([try Garden.endpoint("5", on: "1", "Lily", "127.1.7.\(round % 200)", node: "b")])
                        await Task.yield()
                    }
                }
                group.addTask {
                    let socket = try lab.datagrams(from: Garden.tulip)
                    for round in 0..<300 {
                        socket.send(Query("lily", id: UInt16(round)).bytes)
                        let reply = try await socket.receive().map { try Reply($0) }
                        #expect(reply?.id == UInt16(round))
                        #expect(reply?.code == 0)
                        #expect(reply?.answers.count == 1)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
