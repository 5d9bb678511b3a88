import Dispatch
import Foundation
import Logging
import Synchronization
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
        if let status { receiveHead(status, by: transfer) }
        return transfer
    }

    private func receiveHead(_ status: Int, by transfer: ActiveTransfer) {
        for line in ["HTTP/1.1 \(status) Status\r\n", "\r\n"] {
            unsafe Array(line.utf8).withUnsafeBytes { unsafe transfer.transfer.receive(headerLine: $0) }
        }
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

    private func excuse(_ transfer: ActiveTransfer, milliseconds: Range<Int>) {
        transfer.excuse(start + .milliseconds(milliseconds.lowerBound)..<start + .milliseconds(milliseconds.upperBound))
    }

    @Test func `while nobody listened an answer does not become overdue`() throws {
        let waiting = try transfer()
        excuse(waiting, milliseconds: 100..<3100)
        excuse(waiting, milliseconds: 3200..<7200)
        #expect(waiting.deadline == start + Self.bound + .seconds(7))
        waiting.hear(of: try transfer(at: .milliseconds(7300), status: 200), at: start + .milliseconds(7400))
        #expect(waiting.deadline == start + .milliseconds(7400) + Self.bound, "what was asked just after it vouches")
        excuse(waiting, milliseconds: 7400..<47_400)
        waiting.hear(of: try transfer(status: 200), at: start + .milliseconds(53_500))
        #expect(waiting.deadline == start + .milliseconds(54_500), "not out of turn either")
        waiting.hear(of: try transfer(status: 200), at: start + .milliseconds(86_500))
        #expect(waiting.deadline == start + .seconds(87))
    }

    @Test func `what began while nobody listened is excused for the rest of it alone`() throws {
        let (during, after) = (try transfer(at: .seconds(2)), try transfer(at: .seconds(5)))
        for transfer in [during, after] { excuse(transfer, milliseconds: 1000..<4000) }
        #expect(during.deadline == start + .seconds(4) + Self.bound)
        #expect(after.deadline == start + .seconds(5) + Self.bound)
    }

    @Test func `the rest of an answer is not given what its head was excused for`() throws {
        let begun = try transfer()
        excuse(begun, milliseconds: 0..<100_000)
        receiveHead(200, by: begun)
        let arrival = try #require(begun.transfer.headArrival)
        #expect(begun.deadline == arrival + .seconds(5))
        begun.excuse(arrival..<arrival + .seconds(3))
        #expect(begun.deadline == arrival + .seconds(8))
    }

    /// A machine that stands still, as one that is moved does, ends no call to a server that did so too.
    @Test func `a client that stood still for longer than an answer may take waits for it yet`() async throws {
        let isAsked = Atomic(false)
        let mayAnswer = DispatchSemaphore(value: 0)
        let server = try FakeServer { connection in
            _ = connection.request()
            isAsked.store(true, ordering: .relaxed)
            mayAnswer.wait()
            try connection.answer("late")
        }
        let client = try HTTPClient(logger: Logger(label: "test") { _ in SleepingLogHandler(time: 2.5) })
        var request = server.request()
        request.headTimeout = .seconds(2)
        async let response = client.send(request)
        try await eventually("the server is asked") { isAsked.load(ordering: .relaxed) }
        let refused = try await failure { _ = try await client.send(HTTPRequest(url: "http://127.0.0.1:1/")) }
        #expect(refused.code == .notSent, "its failure is logged by the thread that listens")
        mayAnswer.signal()
        #expect(try await response.text == "late")
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

/// A fake that holds up who logs the failure of a transfer.
private struct SleepingLogHandler: LogHandler {
    let time: TimeInterval
    var logLevel = Logger.Level.debug
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Thread.sleep(forTimeInterval: time)
    }
}
