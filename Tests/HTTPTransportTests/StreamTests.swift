import Foundation
import HTTPTransport
import Synchronization
import TestSupport
import Testing

struct StreamTests {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test func `a stream is read as it comes`() async throws {
        let (turns, turn) = AsyncStream<FakeConnection>.makeStream()
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            turn.yield(connection)
            connection.waitUntilClosed()
        }
        let stream = try await HTTPClient().stream(server.request("POST", body: "x"))
        #expect(stream.status == 200 && stream.headers["transfer-encoding"] == "chunked")
        for await connection in turns {
            for text in ["one\n", "two\n", "three\n"] {
                try connection.sendChunk(text)
                #expect(try await stream.next() == Array(text.utf8))
            }
            try connection.send("0\r\n\r\n")
            #expect(try await stream.next() == nil)
            #expect(try await stream.next() == nil)
            break
        }
    }

    @Test func `what came before the break is read first`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            try connection.sendChunk("last words")
        }
        let stream = try await HTTPClient().stream(server.request())
        var text: [UInt8] = []
        let error = try await failure { while let chunk = try await stream.next() { text += chunk } }
        #expect(text == Array("last words".utf8) && error.code == .broken)
    }

    @Test func `dropping a stream closes its connection`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            connection.waitUntilClosed()
        }
        let client = try HTTPClient()
        _ = try await client.stream(server.request())
        try await eventually("the connection is closed") { server.isClosed }
    }

    @Test func `cancelling a reader ends its wait`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            connection.waitUntilClosed()
        }
        let stream = try await HTTPClient().stream(server.request())
        let task = Task { for try await _ in stream {} }
        task.cancel()
        let error = try await failure { try await task.value }
        #expect(error.code == .cancelled)
    }

    @Test func `a head that does not come in time ends the stream's opening`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            connection.waitUntilClosed()
        }
        var request = server.request()
        (request.timeout, request.headTimeout) = (nil, .milliseconds(500))
        let error = try await failure { _ = try await HTTPClient().stream(request) }
        #expect(error.code == .timedOut)
    }

    @Test func `the time of a head does not bound the body`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            Thread.sleep(forTimeInterval: 3.5)
            try connection.sendChunk("late")
        }
        var request = server.request()
        (request.timeout, request.headTimeout) = (nil, .seconds(3))
        let stream = try await HTTPClient().stream(request)
        #expect(try await stream.next() == Array("late".utf8))
    }

    @Test func `a stream that does not end in its time is ended`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            connection.waitUntilClosed()
        }
        var request = server.request()
        request.timeout = .seconds(3)
        let stream = try await HTTPClient().stream(request)
        let error = try await failure { _ = try await stream.next() }
        #expect(error.code == .timedOut)
    }

    @Test func `a reader that is behind makes the server wait, and loses nothing`() async throws {
        let piece = String(repeating: "x", count: 64 << 10)
        let sent = Atomic(0)
        let pieces = 2000
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send(Self.head)
            for _ in 0..<pieces {
                try connection.sendChunk(piece)
                sent.add(1, ordering: .relaxed)
            }
            try connection.send("0\r\n\r\n")
        }
        let stream = try await HTTPClient().stream(server.request())
        try await untilStill { sent.load(ordering: .relaxed) }
        // Sockets of loopback keep some megabytes; the whole is 125.
        #expect(sent.load(ordering: .relaxed) < pieces / 2)
        #expect(try await stream.collect().count == pieces * piece.utf8.count)
    }

    private func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }

    /// Waits until a number stays as it is for a while.
    private func untilStill(_ number: () -> Int) async throws {
        var (last, same) = (-1, 0)
        try await eventually("the number stays as it is") {
            same = number() == last && last > 0 ? same + 1 : 0
            last = number()
            return same > 50
        }
    }

    @Test func `a client that is dropped leaves no connection and no thread`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            connection.waitUntilClosed()
        }
        let threads = try threadCount()
        for _ in 0..<300 {
            let client = try HTTPClient()
            let opening = Task { try await client.stream(server.request()) }
            opening.cancel()
            _ = await opening.result
        }
        try await eventually("all connections are closed") { server.isClosed }
        try await eventually("the clients' threads have ended") { try threadCount() < threads + 100 }
    }
}
