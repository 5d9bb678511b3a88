import Testing

@testable import HTTPTransport

/// How long the parts of an answer may take.
struct DeadlineTests {
    private static let bound = Duration.seconds(1)
    private let start = ContinuousClock.now

    private func transfer(at begin: Duration = .zero, from peer: String = "127.0.0.1:1", takesTurns: Bool = true) throws -> ActiveTransfer {
        var request = HTTPRequest(url: "http://\(peer)/")
        (request.headTimeout, request.bodyTimeout, request.takesTurns) = (Self.bound, .seconds(5), takesTurns)
        return try ActiveTransfer(Transfer(request, receiver: ResponseReceiver()), tls: nil, at: start + begin)
    }

    @Test func `a server that answers others in turn has the whole time again (lesson 11)`() throws {
        let waiting = try transfer()
        #expect(waiting.deadline == start + Self.bound)
        for (begin, answer) in [(-20, 1), (0, 30), (1, 31)] {
            waiting.hear(of: try transfer(at: .seconds(begin)), at: start + .seconds(answer))
            #expect(waiting.deadline == start + .seconds(answer) + Self.bound)
        }
    }

    @Test func `what is answered to much later requests alone says that an answer is lost`() throws {
        let waiting = try transfer()
        waiting.hear(of: try transfer(at: .milliseconds(1001)), at: start + .seconds(30))
        #expect(waiting.deadline == start + Self.bound)
    }

    @Test func `nothing vouches for another server, or for what takes no turns`() throws {
        let waiting = try transfer()
        waiting.hear(of: try transfer(from: "127.0.0.1:2"), at: start + .seconds(30))
        waiting.hear(of: try transfer(takesTurns: false), at: start + .seconds(30))
        #expect(waiting.deadline == start + Self.bound)
        let alone = try transfer(takesTurns: false)
        alone.hear(of: try transfer(), at: start + .seconds(30))
        #expect(alone.deadline == start + Self.bound)
    }

    @Test func `once the head is there the rest has its own time`() throws {
        let begun = try transfer()
        for line in ["HTTP/1.1 200 OK\r\n", "\r\n"] {
            unsafe Array(line.utf8).withUnsafeBytes { unsafe begun.transfer.receive(headerLine: $0) }
        }
        let arrival = try #require(begun.transfer.headArrival)
        begun.hear(of: try transfer(), at: start + .seconds(30))
        #expect(begun.deadline == arrival + .seconds(5), "others do not vouch for what has begun")
    }
}
