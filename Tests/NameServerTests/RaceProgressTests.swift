import TestSupport
import Testing

@testable import NameServer

@Suite struct `A race of resolvers` {
    private static func reply(_ code: UInt8) throws -> UpstreamReply {
        let query = Query("www.example.com").bytes
        let question = ForwardedQuery.Question(message: query, questionEnd: query.count, limit: 512)
        return try #require(UpstreamReply(FakeUpstream.reply(to: query, code: code), to: question, sentAs: 0x1234))
    }

    private func text(_ action: RaceProgress.Action) -> String {
        switch action {
        case .start(let number): "start \(number)"
        case .wait: "wait"
        case .finish(let reply): "finish \(reply.map { "\($0.code.rawValue)" } ?? "with nothing")"
        }
    }

    @Test func `without anybody to ask is over at once`() {
        var race = RaceProgress(tries: 0)
        #expect(text(race.begin()) == "finish with nothing")
    }

    @Test func `gives the next a start when a head start is over, once`() {
        var race = RaceProgress(tries: 3)
        #expect(text(race.begin()) == "start 0")
        #expect(text(race.take(.headStartOver(tries: 1))) == "start 1")
        // The head start of a try that another has followed already.
        #expect(text(race.take(.headStartOver(tries: 1))) == "wait")
        #expect(text(race.take(.failed)) == "start 2")
        #expect(text(race.take(.headStartOver(tries: 2))) == "wait")
        #expect(text(race.take(.headStartOver(tries: 3))) == "wait")
        #expect(text(race.take(.failed)) == "wait")
        #expect(text(race.take(.failed)) == "finish with nothing")
    }

    @Test func `is won by the first that knows, and else by the first that said anything`() throws {
        var won = RaceProgress(tries: 2)
        _ = won.begin()
        #expect(text(won.take(.reply(try Self.reply(5)))) == "start 1")
        #expect(text(won.take(.reply(try Self.reply(3)))) == "finish 3")
        var lost = RaceProgress(tries: 2)
        _ = lost.begin()
        #expect(text(lost.take(.reply(try Self.reply(5)))) == "start 1")
        #expect(text(lost.take(.reply(try Self.reply(2)))) == "finish 5")
        var late = RaceProgress(tries: 2)
        _ = late.begin()
        _ = late.take(.reply(try Self.reply(2)))
        #expect(text(late.take(.deadline)) == "finish 2")
    }
}
