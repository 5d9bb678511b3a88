import EngineAPI
import NetworkModel
import Testing

@Suite struct `The daemon itself` {
    @Test(arguments: ["/_ping", "/v1.24/_ping", "/v1.50/_ping"]) func `ping says OK and which version is spoken`(path: String) async throws
    {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("GET", path) }
        #expect(answer.status == 200)
        #expect(answer.body == "OK")
        #expect(answer.headers["api-version"] == "1.50")
        #expect(answer.headers["ostype"] == "linux")
        #expect(answer.headers["docker-experimental"] == "false")
        #expect(answer.headers["cache-control"] == "no-cache, no-store, must-revalidate")
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
    }

    @Test func `an answer to HEAD is headers alone, whatever it says, and the connection goes on`() async throws {
        let text = try await withEngine(CannedBackend()) { server in
            try await server.exchange(
                """
                HEAD /_ping HTTP/1.1\r
                Host: skein\r
                \r
                HEAD /nosuch HTTP/1.1\r
                Host: skein\r
                \r
                HEAD /containers/x HTTP/1.1\r
                Host: skein\r
                \r
                GET /_ping HTTP/1.1\r
                Host: skein\r
                Connection: close\r
                \r

                """)
        }
        let answers = text.split(separator: "HTTP/1.1 ").map { String($0) }
        #expect(answers.map { $0.prefix(3) } == ["200", "404", "501", "200"])
        #expect(answers.dropLast().allSatisfy { $0.hasSuffix("\r\n\r\n") })
        #expect(answers.first?.contains("Api-Version: 1.50\r\n") == true)
        #expect(answers.last?.hasSuffix("\r\n\r\nOK") == true)
    }

    @Test func `version says who answers`() async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("GET", "/version") }
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        let details =
            #"{"ApiVersion":"1.50","Arch":"amd64","Experimental":"false","KernelVersion":"6.1.0-18-amd64","MinAPIVersion":"1.24","Os":"linux","#
            + #""Role":"controller"}"#
        let component = #"{"Name":"Engine","Version":"skein/\#(SkeinVersion.current)","Details":\#(details)}"#
        let expected =
            #"{"Platform":{"Name":"Skein controller"},"Components":[\#(component)],"Version":"skein/\#(SkeinVersion.current)","#
            + #""ApiVersion":"1.50","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64","KernelVersion":"6.1.0-18-amd64"}"# + "\n"
        #expect(answer.body == expected)
    }

    @Test func `info lists the nodes in classic Swarm's rows, dead ones too`() async throws {
        let backend = try Canned.backend()
        let answer = try await withEngine(backend) { try await $0.request("GET", "/v1.43/info") }
        #expect(answer.status == 200)
        let rows =
            #"[["Role","controller"],["Cluster Store","etcd://10.0.0.1:2379"],["Nodes","2"],"#
            + #"[" bbbbbbbbbbbb","(no address)"],["  └ ID","\#(String(repeating: "b", count: 64))"],["  └ Status","Disconnected"],"#
            + #"["  └ Containers","0"],["  └ Endpoints","0"],[" node-1","192.168.0.11:2376"],"#
            + #"["  └ ID","\#(String(repeating: "a", count: 64))"],["  └ Status","Healthy"],["  └ Containers","2"],"#
            + #"["  └ Endpoints","1"],["  └ VTEP","192.168.0.11"],"#
            + #"["  └ Labels","kernelversion=6.1.0-18-amd64, operatingsystem=Debian GNU/Linux 12 (bookworm)"],"#
            + #"["  └ ServerVersion","0.1.0"]]"#
        #expect(answer.body.contains(#""SystemStatus":\#(rows)"#))
        #expect(answer.body.contains(#""Containers":2,"#))
        #expect(answer.body.contains(#""Swarm":{"LocalNodeState":"inactive"}"#))
        #expect(answer.body.contains(#""Warnings":[]"#))
    }

    @Test func `info answers with a warning when the store does not`() async throws {
        let warning = "the cluster store does not answer: cannot reach etcd at 10.0.0.1:2379"
        let backend = CannedBackend { $0.info.warnings = [warning] }
        let answer = try await withEngine(backend) { try await $0.request("GET", "/info") }
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""Warnings":["WARNING: \#(warning)"]"#))
    }
}

@Suite struct `Paths` {
    @Test(arguments: [
        ("GET", "/"), ("GET", "/nosuch"), ("GET", "/v1.43"), ("GET", "/v1.43/nosuch"), ("GET", "/vx.y/networks"), ("GET", "/v1.43.1/info"),
        ("PUT", "/networks"), ("POST", "/networks/x"), ("POST", "/networks/x/nosuch"), ("POST", "/networks//connect"), ("PATCH", "/info"),
        ("DELETE", "/networks"),
    ]) func `that are none get Docker's words`(method: String, path: String) async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request(method, path, body: "{}") }
        #expect(answer.status == 404)
        #expect(answer.body == #"{"message":"page not found"}"# + "\n")
        #expect(answer.headers["content-type"] == "application/json")
    }

    @Test(arguments: [
        ("1.23", "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"),
        ("1.51", "client version 1.51 is too new. Maximum supported API version is 1.50"),
        ("2.0", "client version 2.0 is too new. Maximum supported API version is 1.50"),
    ]) func `of versions that are not spoken are refused, and say which are`(version: String, message: String) async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("GET", "/v\(version)/networks") }
        #expect(answer.status == 400)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
        #expect(answer.headers["api-version"] == "1.50")
    }

    @Test(arguments: [
        ("GET", "/containers/json", "containers"), ("POST", "/v1.43/containers/create", "containers"), ("GET", "/images/json", "images"),
        ("POST", "/build", "build"), ("GET", "/volumes", "volumes"), ("GET", "/swarm", "swarm"), ("DELETE", "/images/a/b", "images"),
    ]) func `of the rest of Docker's API are refused in words`(method: String, path: String, family: String) async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request(method, path, body: "{}") }
        #expect(answer.status == 501)
        let message = "/\(family) is not supported: this daemon answers for networks only, ask the host's own engine"
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
    }

    @Test func `of containers and images say that there is none, so that docker inspect goes on`() async throws {
        try await withEngine(CannedBackend()) { server in
            let container = try await server.request("GET", "/v1.43/containers/a%20b/json")
            #expect(container.status == 404)
            #expect(container.body == #"{"message":"No such container: a b"}"# + "\n")
            let image = try await server.request("GET", "/images/a/b:1/json")
            #expect(image.status == 404)
            #expect(image.body == #"{"message":"No such image: a/b:1"}"# + "\n")
        }
    }
}
