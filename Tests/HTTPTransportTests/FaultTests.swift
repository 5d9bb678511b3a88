import HTTPTransport
import TestSupport
import Testing

/// What a caller is told when there is no whole answer: above all whether the request may have been carried out.
struct FaultTests {
    @Test func `a refused connection has provably sent nothing`() async throws {
        let closed = try ClosedPorts(1)
        defer { withExtendedLifetime(closed) {} }
        let port = closed.ports[0]
        let error = try await failure { _ = try await HTTPClient().send(HTTPRequest(method: "POST", url: "http://127.0.0.1:\(port)/")) }
        #expect(error.code == .notSent && !error.mayHaveBeenSent)
        #expect(error.message == "cannot connect to 127.0.0.1:\(port): connection refused")
    }

    @Test func `a missing unix socket is named`() async throws {
        let error = try await failure {
            _ = try await HTTPClient().send(HTTPRequest(url: "http://localhost/", unixSocket: "/nowhere.sock"))
        }
        #expect(error.code == .notSent)
        #expect(error.message == "cannot connect to /nowhere.sock: no such file or directory")
    }

    @Test func `a host without a name has provably had nothing`() async throws {
        let error = try await failure { _ = try await HTTPClient().send(HTTPRequest(url: "http://no-such-host.invalid:1/")) }
        #expect(error.code == .notSent && error.message.contains("no-such-host.invalid"))
    }

    @Test func `a connection that ends before an answer may have carried the request`() async throws {
        let server = try FakeServer { connection in _ = connection.request() }
        let error = try await failure { _ = try await HTTPClient().send(server.request("POST", body: "x")) }
        #expect(error.code == .broken && error.mayHaveBeenSent)
    }

    @Test func `a request on a kept connection that breaks is not sent a second time`() async throws {
        let server = try FakeServer { connection in
            guard connection.request() != nil else { return }
            try connection.answer("{}")
            guard connection.request() != nil else { return }
            connection.reset()
        }
        let client = try HTTPClient()
        _ = try await client.send(server.request("POST", body: "first"))
        let error = try await failure { _ = try await client.send(server.request("POST", body: "second")) }
        #expect(error.code == .broken && error.mayHaveBeenSent)
        #expect(server.requests.map(\.body) == ["first", "second"])
    }

    @Test func `a kept connection that the server has closed is not used again`() async throws {
        let server = try FakeServer { connection in
            if connection.request() != nil { try connection.answer("{}") }
        }
        let client = try HTTPClient()
        for _ in 0..<5 {
            let count = server.connectionCount
            _ = try await client.send(server.request("POST", body: "x"))
            #expect(server.connectionCount == count + 1)
            try await eventually("the server has closed") { server.isClosed }
        }
    }

    @Test func `half an answer is none`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        let error = try await failure { _ = try await HTTPClient().send(server.request()) }
        #expect(error.code == .broken && error.mayHaveBeenSent)
    }

    @Test func `what is no HTTP is no answer`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            try connection.send("SSH-2.0-OpenSSH\r\n")
        }
        let error = try await failure { _ = try await HTTPClient().send(server.request()) }
        #expect(error.code == .broken)
    }

    @Test func `a slow answer times out, and may come to pass`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            connection.waitUntilClosed()
        }
        var request = server.request()
        request.timeout = .seconds(1)
        let error = try await failure { _ = try await HTTPClient().send(request) }
        #expect(error.code == .timedOut && error.mayHaveBeenSent)
        #expect(error.message == "127.0.0.1:\(server.port) did not answer in time")
    }

    @Test func `cancelling the task ends the transfer`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            connection.waitUntilClosed()
        }
        let client = try HTTPClient()
        let task = Task { try await client.send(server.request()) }
        try await eventually("the request has arrived") { !server.requests.isEmpty }
        task.cancel()
        let error = try await failure { _ = try await task.value }
        #expect(error.code == .cancelled && error.mayHaveBeenSent)
        try await eventually("the connection is closed") { server.isClosed }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let server = try FakeServer { connection in _ = connection.request() }
        let client = try HTTPClient()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.send(server.request())
        }
        let error = try await failure { try await task.value }
        #expect(error.code == .cancelled && !error.mayHaveBeenSent)
        #expect(server.requests.isEmpty)
    }
}
