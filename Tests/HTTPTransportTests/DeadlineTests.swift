import TestSupport
import Testing

@testable import HTTPTransport

/// How long the parts of an answer may take.
struct DeadlineTests {
    private static let bound = Duration.seconds(1)
    private let start = ContinuousClock.now

    private func transfer(
        at begin: Duration = .zero, from peer: String = "127.0.0.1:1", inTurn: Set<Int> = [200], status: Int? = nil
    ) throws -> ActiveTransfer {
        var request = HTTPRequest(url: "http://\(peer)/")
        (request.headTimeout, request.turnTimeout, request.bodyTimeout) = (Self.bound, .seconds(40), .seconds(5))
        request.turnStatuses = inTurn
        let transfer = try ActiveTransfer(Transfer(request, receiver: ResponseReceiver()), tls: nil, at: start + begin)
        for line in status.map({ ["HTTP/1.1 \($0) Status\r\n", "\r\n"] }) ?? [] {
            unsafe Array(line.utf8).withUnsafeBytes { unsafe transfer.transfer.receive(headerLine: $0) }
        }
        return transfer
    }

    @Test func `a server that answers others in turn has the whole time again (lesson 11)`() throws {
        let waiting = try transfer()
        #expect(waiting.deadline == start + Self.bound)
        for (begin, answer) in [(-20, 1), (0, 30), (1, 31)] {
            waiting.hear(of: try transfer(at: .seconds(begin), status: 200), at: start + .seconds(answer))
            #expect(waiting.deadline == start + .seconds(answer) + Self.bound)
        }
        waiting.hear(of: try transfer(status: 200), at: start + .seconds(39.5))
        #expect(waiting.deadline == start + .seconds(40), "no longer than that, however many vouch")
    }

    @Test func `what is answered to much later requests alone says that an answer is lost`() throws {
        let waiting = try transfer()
        waiting.hear(of: try transfer(at: .milliseconds(1001), status: 200), at: start + .seconds(30))
        #expect(waiting.deadline == start + Self.bound)
    }

    @Test func `only an answer that the server makes in turn vouches`() throws {
        let (waiting, choosing) = (try transfer(), try transfer(inTurn: [200, 409]))
        waiting.hear(of: try transfer(status: 503), at: start + .seconds(30))
        waiting.hear(of: try transfer(from: "127.0.0.1:2", status: 200), at: start + .seconds(30))
        waiting.hear(of: try transfer(inTurn: [], status: 200), at: start + .seconds(30))
        #expect(waiting.deadline == start + Self.bound)
        choosing.hear(of: try transfer(inTurn: [200, 409], status: 409), at: start + .seconds(30))
        #expect(choosing.deadline == start + .seconds(30) + Self.bound)
        let alone = try transfer(inTurn: [])
        alone.hear(of: try transfer(status: 200), at: start + .seconds(30))
        #expect(alone.deadline == start + Self.bound)
    }

    @Test func `once the head is there the rest has its own time`() throws {
        let begun = try transfer(status: 200)
        let arrival = try #require(begun.transfer.headArrival)
        begun.hear(of: try transfer(status: 200), at: start + .seconds(30))
        #expect(begun.deadline == arrival + .seconds(5), "others do not vouch for what has begun")
    }

    @Test func `an answer that does not end in time is told as such`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.waitUntilClosed()
        }
        var request = server.request()
        request.bodyTimeout = .milliseconds(50)
        let error = try await failure { _ = try await HTTPClient().send(request) }
        #expect(error.code == .timedOut && error.mayHaveBeenSent)
        #expect(error.message == "127.0.0.1:\(server.port) did not end its answer in time")
    }
}
