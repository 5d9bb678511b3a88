import EngineAPI
import FaceKit
import NetworkModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Creating networks` {
    /// What `docker network create` of 28.2.2 sends.
    private static func command(_ name: String, ipam: String = "[]", more: String = "") -> String {
        """
        {"Driver":"bridge","Scope":"","IPAM":{"Driver":"default","Options":{},"Config":\(ipam)},"Internal":false,"Attachable":false,
        "Ingress":false,"ConfigOnly":false,"ConfigFrom":null,"Options":{},"Labels":{},"Name":"\(name)"\(more)}
        """
    }

    @Test func `answers the id`() async throws {
        let backend = CannedBackend()
        let answer = try await withEngine(backend) { server in
            try await server.request("POST", "/v1.43/networks/create", body: Self.command("multi", more: #","CheckDuplicate":true"#))
        }
        #expect(answer.status == 201)
        #expect(answer.body == #"{"Id":"\#(String(repeating: "1", count: 64))","Warning":""}"# + "\n")
        #expect(backend.created == [NetworkCreation(name: "multi", driver: "bridge")])
    }

    @Test func `passes on everything that is honoured`() async throws {
        let backend = CannedBackend()
        let body = """
            {"Name":"n","Driver":"overlay","Scope":"global","EnableIPv6":true,"Internal":true,"Attachable":true,
            "Options":{"com.docker.network.driver.mtu":"1400"},"Labels":{"a":"b"},
            "IPAM":{"Driver":"null","Options":{"x":"y"},"Config":[
            {"Subnet":"10.7.0.0/16","IPRange":"10.7.8.0/24","Gateway":"10.7.8.1","AuxiliaryAddresses":{"router":"10.7.8.9"}},
            {"Subnet":"fd00:7::/64"}]}}
            """
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/create", body: body) }
        #expect(answer.status == 201)
        #expect(answer.body.contains(#""Warning":"attachable has no effect""#))
        let expected = NetworkCreation(
            name: "n", driver: "overlay", scope: .global, ipamDriver: "null", ipamOptions: ["x": "y"],
            subnets: [
                SubnetRecord(
                    pool: try Subnet("10.7.0.0/16"), subPool: try Subnet("10.7.8.0/24"), gateway: try IPAddress("10.7.8.1"),
                    auxiliary: ["router": try IPAddress("10.7.8.9")], isUserDefined: true, isGatewayUserDefined: true),
                SubnetRecord(pool: try Subnet("fd00:7::/64"), isUserDefined: true),
            ], isIPv6Enabled: true, options: ["com.docker.network.driver.mtu": "1400"], labels: ["a": "b"], isInternal: true,
            isAttachable: true)
        #expect(backend.created == [expected])
    }

    @Test func `takes null for absent, as Go does`() async throws {
        let backend = CannedBackend()
        let body = #"{"Name":"n","Driver":null,"IPAM":null,"Options":null,"Labels":null,"EnableIPv6":null,"ConfigFrom":{"Network":""}}"#
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/create", body: body) }
        #expect(answer.status == 201)
        #expect(backend.created == [NetworkCreation(name: "n")])
    }

    @Test(arguments: [
        (#"{"Name":""}"#, 400, "invalid name: name is empty"), (#"{}"#, 400, "invalid name: name is empty"),
        (#"{"Name":" "}"#, 400, "invalid name: name is empty"),
        (#"{"Name":"n","Ingress":true}"#, 501, "ingress networks are not supported: there is no routing mesh"),
        (#"{"Name":"n","ConfigOnly":true}"#, 501, "config-only networks are not supported"),
        (
            #"{"Name":"n","ConfigFrom":{"Network":"base"}}"#, 501,
            #"config-from \"base\" is not supported: give the options themselves"#
        ),
        (#"{"Name":"n","EnableIPv4":false}"#, 501, "IPv4 cannot be disabled"),
        (#"{"Name":"n","Scope":"swarm"}"#, 403, "cannot create a swarm scoped network when swarm is not active"),
        (#"{"Name":"n","Scope":"bogus"}"#, 400, #"invalid scope \"bogus\": it must be local or global"#),
        (
            #"{"Name":"n","IPAM":{"Config":[{"Subnet":"300.1.0.0/16"}]}}"#, 400,
            "invalid subnet 300.1.0.0/16: invalid CIDR block notation"
        ),
        (#"{"Name":"n","IPAM":{"Config":[{"Gateway":"10.0.0.1"}]}}"#, 400, "invalid subnet : invalid CIDR block notation"),
        (
            #"{"Name":"n","IPAM":{"Config":[{"Subnet":"10.77.0.5/16"}]}}"#, 400,
            "invalid subnet 10.77.0.5/16: it should be 10.77.0.0/16"
        ),
        (
            #"{"Name":"n","IPAM":{"Config":[{"Subnet":"10.77.0.0/16","IPRange":"10.77.0.5/24"}]}}"#, 400,
            "invalid ip-range 10.77.0.5/24: it should be 10.77.0.0/24"
        ),
        (
            #"{"Name":"n","IPAM":{"Config":[{"Subnet":"10.77.0.0/16","Gateway":"junk"}]}}"#, 400,
            #"invalid gateway junk: \"junk\" is not an IPv4 or IPv6 address"#
        ),
        (
            #"{"Name":"n","IPAM":{"Config":[{"Subnet":"10.77.0.0/16","AuxiliaryAddresses":{"a":"junk"}}]}}"#, 400,
            #"invalid auxiliary address a: \"junk\" is not an IPv4 or IPv6 address"#
        ),
    ]) func `refuses what is wrong or not honoured`(body: String, status: Int, message: String) async throws {
        let backend = CannedBackend()
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/create", body: body) }
        #expect(answer.status == status)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
        #expect(backend.created == [])
    }

    @Test func `says what the backend says`() async throws {
        let backend = CannedBackend { $0.refusal = .init(kind: .conflict, message: "network with name multi already exists") }
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/create", body: #"{"Name":"multi"}"#) }
        #expect(answer.status == 409)
        #expect(answer.body == #"{"message":"network with name multi already exists"}"# + "\n")
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Bodies` {
    @Test(arguments: [
        ("", "invalid JSON: got EOF while reading request body"), ("{", "invalid JSON: the body is not a JSON value"),
        (#"{"Name":"a"} {"Name":"b"}"#, "invalid JSON: the body is not a JSON value"),
        (#"{"Name":5}"#, "invalid JSON: field Name is not a string"),
        (#"{"Internal":"yes"}"#, "invalid JSON: field Internal is not true or false"),
        (#"{"IPAM":{"Config":{}}}"#, "invalid JSON: field IPAM.Config is not a list"),
        (#"{"IPAM":{"Config":[{"Subnet":1}]}}"#, "invalid JSON: field IPAM.Config[0].Subnet is not a string"),
        ("[]", "invalid JSON: field (the whole body) is not an object"), ("7", "invalid JSON: field (the whole body) is not an object"),
        ("\u{0}", "invalid JSON: the body is not a JSON value"),
        (String(repeating: "[", count: 100_000), "invalid JSON: the body is not a JSON value"),
    ]) func `that are no JSON of the right form are refused with the place`(body: String, message: String) async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("POST", "/networks/create", body: body) }
        #expect(answer.status == 400)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
    func `of another type are refused`(type: String) async throws {
        let answer = try await withEngine(CannedBackend()) {
            try await $0.request("POST", "/networks/create", body: #"{"Name":"n"}"#, type: type)
        }
        #expect(answer.status == 400)
        #expect(answer.body == #"{"message":"unsupported Content-Type header (\#(type)): must be 'application/json'"}"# + "\n")
    }

    @Test(arguments: ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=utf-8", nil])
    func `are JSON by their type, or without one`(type: String?) async throws {
        let answer = try await withEngine(CannedBackend()) {
            try await $0.request("POST", "/networks/create", body: #"{"Name":"n"}"#, type: type)
        }
        #expect(answer.status == 201)
    }

    @Test func `that are too long are refused, however they are sent`() async throws {
        let long = #"{"Name":"\#(String(repeating: "n", count: largestBody))"}"#
        try await withEngine(CannedBackend()) { server in
            let answer = try await server.request("POST", "/networks/create", body: long)
            #expect(answer.status == 413)
            #expect(answer.body == #"{"message":"request body is larger than 1048576 bytes"}"# + "\n")
            let chunk = String(repeating: "x", count: 0x10000)
            let chunks = String(repeating: "10000\r\n\(chunk)\r\n", count: 17)
            let chunked = try await server.exchange(
                """
                POST /networks/create HTTP/1.1\r
                Host: skein\r
                Connection: close\r
                Content-Type: application/json\r
                Transfer-Encoding: chunked\r
                \r
                \(chunks)0\r
                \r

                """)
            #expect(chunked.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test(arguments: ["/networks/%zz", "/networks/%", "/networks/%ff", "/networks?filters=%z"])
    func `and paths with broken escapes are refused`(path: String) async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("GET", path) }
        #expect(answer.status == 400)
        #expect(answer.body.hasPrefix(#"{"message":"invalid "#))
    }

    @Test func `that are no HTTP at all close the connection`() async throws {
        try await withEngine(CannedBackend()) { server in
            for junk in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET /_ping HTTP/9.9\r\nHost: a\r\n\r\n"] {
                let text = try await server.exchange(junk)
                #expect(text == "" || text.hasPrefix("HTTP/1.1 400 "))
            }
            let alive = try await server.request("GET", "/_ping")
            #expect(alive.status == 200)
        }
    }
}
