import HTTPTransport
import TestSupport
import Testing

struct RequestTests {
    @Test func `a request and its answer are whole`() async throws {
        let server = try FakeServer { connection in
            while let request = connection.request() {
                try connection.send("HTTP/1.1 201 Created\r\nX-Kind:  rose \r\nContent-Length: 5\r\n\r\n\(request.body)")
            }
        }
        var request = server.request("POST", "/v3/kv/put", body: "hello")
        request.headers.append("Content-Type", "application/json")
        let response = try await HTTPClient().send(request)
        #expect(response.status == 201 && response.text == "hello" && response.headers["x-kind"] == "rose")
        #expect(server.requests.first?.line == "POST /v3/kv/put")
        #expect(server.requests.first?.head.contains("Content-Type: application/json") == true)
    }

    @Test(arguments: ["GET", "HEAD", "DELETE", "PUT", "POST"])
    func `a method goes out as it is, also without a body`(method: String) async throws {
        let server = try FakeServer { connection in
            while connection.request() != nil { try connection.send("HTTP/1.1 204 No Content\r\n\r\n") }
        }
        #expect(try await HTTPClient().send(server.request(method)).status == 204)
        #expect(server.requests.map(\.line) == ["\(method) /"])
    }

    @Test func `a large body goes out without asking for permission`() async throws {
        let server = try FakeServer { connection in
            while let request = connection.request() { try connection.answer("\(request.body.utf8.count)") }
        }
        let response = try await HTTPClient().send(server.request("POST", body: String(repeating: "x", count: 3 << 20)))
        #expect(response.text == "\(3 << 20)")
        #expect(server.requests.first?.head.contains("Expect") == false)
    }

    @Test func `requests one after the other share a connection`() async throws {
        let server = try FakeServer { connection in while connection.request() != nil { try connection.answer("{}") } }
        let client = try HTTPClient()
        for _ in 0..<20 { _ = try await client.send(server.request("POST", body: "x")) }
        #expect(server.connectionCount == 1 && server.requests.count == 20)
    }

    @Test func `many requests at once are each answered with their own answer`() async throws {
        let server = try FakeServer { connection in
            while let request = connection.request() { try connection.answer(request.body) }
        }
        let client = try HTTPClient()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { try await client.send(server.request("POST", body: "\(number)")).text == "\(number)" }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test func `a unix socket is reached in place of the host`() async throws {
        let path = "/tmp/skein-http-\(UInt64.random(in: 0...UInt64.max)).sock"
        let server = try FakeServer(on: .unix(path)) { connection in while connection.request() != nil { try connection.answer("{}") } }
        let request = HTTPRequest(url: "http://localhost/info", unixSocket: path)
        #expect(try await HTTPClient().send(request).text == "{}")
        #expect(server.requests.map(\.line) == ["GET /info"])
    }

    @Test func `the environment's proxy is not used`() async throws {
        ProxyEnvironment.set()
        let server = try FakeServer { connection in while connection.request() != nil { try connection.answer("{}") } }
        #expect(try await HTTPClient().send(server.request()).status == 200)
    }

    @Test(arguments: ["no url at all ://", "ftp://127.0.0.1/", "http://127.0.0.1:1/\r\nX: y", ""])
    func `a URL that is none is refused`(url: String) async throws {
        let error = try await failure { _ = try await HTTPClient().send(HTTPRequest(url: url)) }
        #expect(error.code == .invalidRequest && !error.mayHaveBeenSent)
    }

    @Test func `a header cannot begin another one`() async throws {
        let error = try await failure {
            _ = try await HTTPClient().send(HTTPRequest(url: "http://127.0.0.1:1/", headers: ["X": "y\r\nZ: z"]))
        }
        #expect(error.code == .invalidRequest)
    }
}
