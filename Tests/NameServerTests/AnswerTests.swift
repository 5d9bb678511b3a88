import NameServer
import NetworkModel
import TestSupport
import Testing

@Suite struct `Answers over UDP` {
    @Test func `are these bytes`() async throws {
        let bytes = try await withLab { try await $0.ask("lily.front").bytes }
        let expected: [UInt8] =
            [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]  // QR AA RD RA, one question, one answer
            + [4] + Array("lily".utf8) + [5] + Array("front".utf8) + [0, 0, 1, 0, 1]
            + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 127, 1, 0, 3]
        #expect(bytes == expected)
    }

    @Test func `give a name's addresses, for seconds`() async throws {
        try await withLab { lab async throws in
            let v4 = try await lab.ask("rose")
            #expect(v4.code == 0)
            #expect(v4.isAuthoritative)
            #expect(v4.texts == ["127.1.0.2"])
            #expect(v4.answers.map(\.timeToLive) == [5])
            let v6 = try await lab.ask("rose", .aaaa)
            #expect(v6.texts == ["fd00:1:0:0:0:0:0:2"])
            let whole = try await lab.ask("rose", .any)
            #expect(whole.texts == ["127.1.0.2"])
        }
    }

    @Test func `tell a known name without the type from an absent name (lesson 28)`() async throws {
        try await withLab { lab async throws in
            for type in [RRType.aaaa, .mx, .txt] {
                let reply = try await lab.ask("lily", type)
                #expect(reply.code == 0)
                #expect(reply.answers == [])
                #expect(reply.isAuthoritative)
            }
            for name in ["nosuch", "nosuch.front", "iris"] {
                let reply = try await lab.ask(name)
                #expect(reply.code == 3)
                #expect(reply.answers == [])
                #expect(reply.isAuthoritative)
                #expect(reply.question == name)
            }
        }
    }

    @Test func `fail until the network has been read`() async throws {
        try await withLab(inSync: []) { lab async throws in
            #expect(try await lab.ask("nosuch").code == 2)
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
            lab.server.setInSync(true, Garden.front)
            #expect(try await lab.ask("nosuch").code == 3)
        }
    }

    @Test func `give the names of addresses`() async throws {
        try await withLab { lab async throws in
            let known = try await lab.ask("3.0.1.127.in-addr.arpa", .ptr)
            #expect(known.texts == ["Lily.front"])
            let absent = try await lab.ask("99.0.1.127.in-addr.arpa", .ptr)
            #expect(absent.code == 3)
            let v6 = try await lab.ask("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa", .ptr)
            // The network has no IPv6 subnet, so this is somebody else's address, and nobody is there to be asked.
            #expect(v6.code == 2)
        }
    }

    @Test(arguments: ["LILY", "lily", "LiLy", "Lily.FRONT", "tULIP"]) func `ignore case and echo the question's (lesson 29)`(name: String)
        async throws
    {
        let reply = try await withLab { try await $0.ask(name) }
        #expect(reply.code == 0)
        #expect(reply.question == name)
        #expect(reply.answers.count == 1)
    }

    @Test func `rotate the addresses of an alias`() async throws {
        try await withLab { lab async throws in
            var firsts: Set<String> = []
            for _ in 0..<4 {
                let texts = try await lab.ask("flower").texts
                #expect(texts.sorted() == ["127.1.0.3", "127.1.0.4"])
                firsts.insert(texts.first ?? "")
            }
            #expect(firsts == ["127.1.0.3", "127.1.0.4"])
        }
    }

    @Test func `are scoped to the asker's networks`() async throws {
        try await withLab { lab async throws in
            let both = try await lab.ask("iris", from: Garden.rose)
            #expect(both.texts == ["127.2.0.3"])
            let onlyFront = try await lab.ask("iris", from: Garden.tulip)
            #expect(onlyFront.code == 3)
            let stranger = try await lab.ask("iris", from: "127.1.9.9")
            #expect(stranger.code == 3)
            let asked = try await lab.ask("lily", from: "127.2.0.2", in: Garden.back)
            #expect(asked.texts == ["127.1.0.3"])
        }
    }

    @Test func `know the short ids of sandboxes and runtimes`() async throws {
        let sandbox = SandboxRecord(
            id: Garden.id("7"), name: try EndpointName("tulip"), node: Garden.own, runtimeID: "0123456789abcdef0123",
            created: Timestamp(nanoseconds: 0))
        try await withLab(records: [.sandbox(Garden.id("7"), sandbox)]) { lab async throws in
            #expect(try await lab.ask("777777777777").texts == [Garden.tulip])
            #expect(try await lab.ask("0123456789AB").texts == [Garden.tulip])
        }
    }

    @Test func `leave out dead nodes, until they are back (lesson 7)`() async throws {
        try await withLab { lab async throws in
            lab.server.apply([.node(Garden.id("b"), nil)])
            #expect(try await lab.ask("lily").code == 3)
            #expect(try await lab.ask("flower").texts == [Garden.tulip])
            lab.server.apply([Garden.node("b")])
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
        }
    }

    @Test func `follow every change at once (lesson 7)`() async throws {
        try await withLab { lab async throws in
            for round in 1...50 {
                lab.server.apply([try Garden.endpoint("5", on: "1", "Lily", "127.1.0.\(100 + round)", node: "b")])
                #expect(try await lab.ask("lily").texts == ["127.1.0.\(100 + round)"])
            }
            lab.server.apply([.endpoint(Garden.front, Garden.id("5"), nil)])
            #expect(try await lab.ask("lily").code == 3)
        }
    }

    @Test func `to a question that comes again are for whoever asks it, and as it is asked`() async throws {
        try await withLab { lab async throws in
            for round in 0..<3 {
                for (name, source, texts) in [
                    ("iris", Garden.rose, ["127.2.0.3"]), ("iris", Garden.tulip, []), ("lily", Garden.tulip, ["127.1.0.3"]),
                    ("LILY", Garden.tulip, ["127.1.0.3"]), ("lily", "127.1.9.9", ["127.1.0.3"]), ("nosuch", Garden.rose, []),
                ] {
                    for edns in [nil, Query.EDNS(), Query.EDNS(flags: 0x8000)] {
                        let reply = try await lab.ask(Query(name, id: UInt16(round * 1000 + 7), edns: edns), from: source)
                        #expect(reply.id == UInt16(round * 1000 + 7))
                        #expect(reply.question == name)
                        #expect(reply.texts == texts)
                        #expect(reply.edns == edns.map { _ in [1232, 0] })
                        #expect(reply.isDNSSECOK == (edns?.flags == 0x8000))
                    }
                }
                #expect(try await lab.ask("iris", from: "127.2.0.3", in: Garden.back).texts == ["127.2.0.3"])
                #expect(try await lab.ask("lily", from: "127.2.0.3", in: Garden.back).code == 3)
            }
        }
    }

    @Test func `echo the flags they should, and no others`() async throws {
        try await withLab { lab async throws in
            var query = Query("lily")
            query.flags = 0
            #expect(try await lab.ask(query).flags == 0x8480)
            // CD comes back (RFC 4035 section 3.2.2), AD, Z, AA, TC and RA of a query do not.
            query.flags = 0x0010 | 0x0020 | 0x0040 | 0x0080 | 0x0600
            #expect(try await lab.ask(query).flags == 0x8490)
        }
    }

    @Test func `refuse other classes and zone transfers`() async throws {
        try await withLab { lab async throws in
            var query = Query("lily")
            query.recordClass = 3
            #expect(try await lab.ask(query).code == 5)
            #expect(try await lab.ask("front", .axfr).code == 5)
        }
    }

    @Test func `refuse foreign names to those on internal networks only`() async throws {
        try await withLab(records: [try Garden.network("1", "front", "127.1.0.0/16", isInternal: true)]) { lab async throws in
            #expect(try await lab.ask("example.com").code == 5)
            #expect(try await lab.ask("lily").texts == ["127.1.0.3"])
        }
    }
}

@Suite struct `The size of answers` {
    @Test func `over UDP is bounded, and TCP gives the whole`() async throws {
        try await withLab(records: try Garden.crowd(100)) { lab async throws in
            let short = try await lab.ask("crowd")
            #expect(short.isTruncated)
            #expect(short.answers == [])
            #expect(short.bytes.count <= 512)
            #expect(short.code == 0)
            let whole = try await lab.askOverStream(Query("crowd"))
            #expect(!whole.isTruncated)
            #expect(Set(whole.texts) == Set((0..<100).map { "127.1.16.\($0)" }))
        }
    }

    @Test func `is what the asker takes with EDNS, up to our own limit`() async throws {
        try await withLab(records: try Garden.crowd(60)) { lab async throws in
            // 60 addresses need 12 + 11 + 60 * 16 bytes, and 11 for the OPT record.
            let fits = try await lab.ask(Query("crowd", edns: .init(payload: 1232)))
            #expect(fits.texts.count == 60)
            #expect(fits.edns == [1232, 0])
            let tooSmall = try await lab.ask(Query("crowd", edns: .init(payload: 993)))
            #expect(tooSmall.isTruncated)
            #expect(tooSmall.edns == [1232, 0])
            // Less than 512 means 512 (RFC 6891 section 6.2.3).
            let tiny = try await lab.ask(Query("lily", edns: .init(payload: 40)))
            #expect(tiny.texts == ["127.1.0.3"])
        }
        let ours = try await withLab(records: try Garden.crowd(90)) { try await $0.ask(Query("crowd", edns: .init(payload: 65_535))) }
        #expect(ours.isTruncated)
        #expect(ours.bytes.count <= 1232)
    }

    @Test func `over TCP ends where a message does`() async throws {
        let reply = try await withLab(records: try Garden.crowd(5000)) { try await $0.askOverStream(Query("crowd")) }
        #expect(reply.code == 0)
        #expect(reply.answers.count > 4000)
        #expect(Set(reply.texts).count == reply.answers.count)
    }
}

@Suite struct `EDNS` {
    @Test func `is answered with EDNS, and only then`() async throws {
        try await withLab { lab async throws in
            #expect(try await lab.ask("lily").edns == nil)
            for name in ["lily", "nosuch"] {
                let reply = try await lab.ask(Query(name, edns: .init(payload: 4096)))
                #expect(reply.edns == [1232, 0])
                #expect(!reply.isDNSSECOK)
            }
        }
    }

    @Test func `of a later version gets BADVERS`() async throws {
        let reply = try await withLab { try await $0.ask(Query("lily", edns: .init(version: 1))) }
        #expect(reply.code == 16)
        #expect(reply.answers == [])
        #expect(reply.edns == [1232, 0])
    }

    @Test func `comes back with DO, for that question only`() async throws {
        try await withLab { lab async throws in
            #expect(try await lab.ask(Query("lily", edns: .init(flags: 0x8000))).isDNSSECOK)
            #expect(try await !lab.ask(Query("lily", edns: .init())).isDNSSECOK)
        }
    }

    @Test func `options that nobody knows are passed over`() async throws {
        let cookie: [UInt8] = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        let reply = try await withLab { try await $0.ask(Query("lily", edns: .init(options: cookie))) }
        #expect(reply.texts == ["127.1.0.3"])
        #expect(reply.edns == [1232, 0])
    }
}
