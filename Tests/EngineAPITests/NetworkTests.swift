import EngineAPI
import NetworkModel
import Testing

private let ones = String(repeating: "1", count: 64)
private let twos = String(repeating: "2", count: 64)

@Suite struct `Networks` {
    /// A network's fields, in Docker's order.
    private static func network(
        _ name: String, _ id: String, scope: String, driver: String, config: String, containers: String = "{}", labels: String = "{}"
    ) -> String {
        #"{"Name":"\#(name)","Id":"\#(id)","Created":"2026-01-01T00:00:00.000000000Z","Scope":"\#(scope)","Driver":"\#(driver)","#
            + #""EnableIPv4":true,"EnableIPv6":false,"IPAM":{"Driver":"default","Options":{},"Config":[\#(config)]},"Internal":false,"#
            + #""Attachable":false,"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,"Containers":\#(containers),"#
            + #""Options":{},"Labels":\#(labels)}"#
    }

    private static func multi(containers: String = "{}") -> String {
        network(
            "multi", ones, scope: "global", driver: "overlay", config: #"{"Subnet":"10.0.0.0/24","Gateway":"10.0.0.1"}"#,
            containers: containers)
    }

    private static let spare = network(
        "spare", twos, scope: "local", driver: "bridge",
        config: #"{"Subnet":"10.7.0.0/16","IPRange":"10.7.8.0/24","Gateway":"10.7.8.1","AuxiliaryAddresses":{"router":"10.7.8.9"}}"#,
        labels: #"{"tier":"back"}"#)

    @Test(arguments: ["/networks", "/networks/", "/v1.24/networks", "/v1.50/networks"])
    func `are listed by name, without their endpoints`(path: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { try await $0.request("GET", path) }
        #expect(answer.status == 200)
        #expect(answer.body == "[\(Self.multi()),\(Self.spare)]\n")
    }

    @Test func `none are an empty list`() async throws {
        let answer = try await withEngine(CannedBackend()) { try await $0.request("GET", "/networks") }
        #expect(answer.body == "[]\n")
    }

    @Test(arguments: [
        (#"{"name":{"mul":true}}"#, ["multi"]), (#"{"name":["^sp.*e$"]}"#, ["spare"]), (#"{"name":["(",  "spare"]}"#, ["spare"]),
        (#"{"id":["11"]}"#, ["multi"]), (#"{"driver":["overlay"]}"#, ["multi"]), (#"{"driver":["over"]}"#, []),
        (#"{"scope":["local"]}"#, ["spare"]), (#"{"label":["tier"]}"#, ["spare"]), (#"{"label":["tier=back"]}"#, ["spare"]),
        (#"{"label":["tier=front"]}"#, []), (#"{"type":["custom"]}"#, ["multi", "spare"]), (#"{"type":["builtin"]}"#, []),
        (#"{"dangling":["true"]}"#, ["spare"]), (#"{"dangling":["0"]}"#, ["multi"]), ("{}", ["multi", "spare"]),
        (#"{"name":["mul"],"driver":["bridge"]}"#, []),
    ]) func `are filtered`(filters: String, names: [String]) async throws {
        let answer = try await withEngine(try Canned.backend()) { server in
            try await server.request("GET", "/networks?filters=\(Self.escaped(filters))")
        }
        #expect(answer.status == 200)
        let listed = answer.body.matches(of: /"Name":"(?<name>[a-z]+)"/).map { String($0.output.name) }
        #expect(listed == names)
    }

    @Test(arguments: [
        (#"{"bogus":["a"]}"#, "invalid filter 'bogus'"), (#"{"type":["zzz"]}"#, "invalid filter: 'type'='zzz'"),
        (#"{"dangling":["maybe"]}"#, "invalid filter 'dangling=[maybe]'"), ("junk", "invalid filter: junk is not a JSON object of lists"),
        (#"{"name":"a"}"#, #"invalid filter: {\"name\":\"a\"} is not a JSON object of lists"#),
    ]) func `are not listed by a wrong filter`(filters: String, message: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { server in
            try await server.request("GET", "/networks?filters=\(Self.escaped(filters))")
        }
        #expect(answer.status == 400)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
    }

    @Test(arguments: ["multi", ones, "111111"]) func `are inspected with the endpoints of every node`(term: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { try await $0.request("GET", "/networks/\(term)") }
        #expect(answer.status == 200)
        let endpoint =
            #"{"\#(String(repeating: "5", count: 64))":{"Name":"demo1","EndpointID":"\#(String(repeating: "e", count: 64))","#
            + #""MacAddress":"02:42:0a:00:00:02","IPv4Address":"10.0.0.2/24","IPv6Address":""}}"#
        #expect(answer.body == Self.multi(containers: endpoint) + "\n")
    }

    @Test func `show their peers when asked for more`() async throws {
        let answer = try await withEngine(try Canned.backend()) { try await $0.request("GET", "/networks/multi?verbose=true") }
        #expect(answer.body.contains(#""Peers":[{"Name":"node-1","IP":"192.168.0.11"}]"#))
    }

    @Test(arguments: [("nosuch", "nosuch"), ("multi?scope=local", "multi"), ("multi?scope=swarm", "multi"), ("a%20b", "a b")])
    func `that are not there are not found`(path: String, name: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { try await $0.request("GET", "/networks/\(path)") }
        #expect(answer.status == 404)
        #expect(answer.body == #"{"message":"network \#(name) not found"}"# + "\n")
    }

    @Test(arguments: ["a b", "x/y", "create", "prune", "ünï", "-x", "a/networks/b", "connect", "100%", "json"])
    func `of any name can be made, seen and removed`(name: String) async throws {
        let backend = CannedBackend()
        try await withEngine(backend) { server in
            let created = try await server.request("POST", "/networks/create", body: #"{"Name":"\#(name)"}"#)
            #expect(created.status == 201)
            let path = "/v1.43/networks/\(Self.escaped(name))"
            let seen = try await server.request("GET", path)
            #expect(seen.status == 200)
            #expect(seen.body.contains(#""Name":"\#(name)""#))
            let connected = try await server.request("POST", "\(path)/connect", body: #"{"Container":"c1"}"#)
            #expect(connected.status == 200)
            let removed = try await server.request("DELETE", path)
            #expect(removed.status == 204)
        }
        #expect(backend.log == ["connect c1 \(name)", "removed \(name)"])
    }

    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

@Suite struct `Removing networks` {
    @Test func `answers without a body`() async throws {
        let backend = try Canned.backend()
        let answer = try await withEngine(backend) { try await $0.request("DELETE", "/networks/spare") }
        #expect(answer.status == 204)
        #expect(answer.body == "")
        #expect(backend.log == ["removed spare"])
    }

    @Test(arguments: ["bridge", "host", "none"]) func `is refused for Docker's own`(name: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { try await $0.request("DELETE", "/networks/\(name)") }
        #expect(answer.status == 403)
        #expect(answer.body == #"{"message":"\#(name) is a pre-defined network and cannot be removed"}"# + "\n")
    }

    @Test func `is refused while they are used, in the backend's words`() async throws {
        let backend = try Canned.backend { $0.busy = [$0.networks[1].id] }
        let answer = try await withEngine(backend) { try await $0.request("DELETE", "/networks/multi") }
        #expect(answer.status == 403)
        #expect(answer.body == #"{"message":"error while removing network: network multi has active endpoints"}"# + "\n")
    }

    @Test func `of all that are unused leaves the used ones`() async throws {
        let backend = try Canned.backend()
        try await withEngine(backend) { server in
            let pruned = try await server.request("POST", "/networks/prune")
            #expect(pruned.status == 200)
            #expect(pruned.body == #"{"NetworksDeleted":["spare"]}"# + "\n")
            let again = try await server.request("POST", "/networks/prune")
            #expect(again.body == #"{"NetworksDeleted":null}"# + "\n")
        }
        #expect(backend.log == ["removed spare"])
    }

    @Test func `that somebody attaches to meanwhile leaves them`() async throws {
        let backend = try Canned.backend { state in
            state.endpoints = []
            state.busy = [state.networks[1].id]
        }
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/prune", body: "") }
        #expect(answer.body == #"{"NetworksDeleted":["spare"]}"# + "\n")
    }

    @Test(arguments: [
        (#"{"label":["tier"]}"#, #"["spare"]"#), (#"{"label":["tier=front"]}"#, "null"), (#"{"label!":["tier"]}"#, "null"),
        (#"{"until":["1h"]}"#, "null"), (#"{"until":["0s"]}"#, #"["spare"]"#), (#"{"until":["1767225600"]}"#, #"["spare"]"#),
        (#"{"until":["2025-12-31T23:59:59"]}"#, "null"), (#"{"until":["2026-01-01T00:00:00Z"]}"#, #"["spare"]"#),
        (#"{"until":["2026-01-02"]}"#, #"["spare"]"#),
    ]) func `is bounded by filters`(filters: String, deleted: String) async throws {
        let answer = try await withEngine(try Canned.backend()) { server in
            try await server.request("POST", "/networks/prune?filters=\(`Networks`.escaped(filters))")
        }
        #expect(answer.status == 200)
        #expect(answer.body == #"{"NetworksDeleted":\#(deleted)}"# + "\n")
    }

    @Test(arguments: [
        (#"{"until":["yesterday"]}"#, "invalid filter 'until=yesterday': it must be a duration like 24h, a date or seconds since 1970"),
        (#"{"until":["1h","2h"]}"#, "more than one until filter specified"), (#"{"dangling":["true"]}"#, "invalid filter 'dangling'"),
    ]) func `is not bounded by wrong filters`(filters: String, message: String) async throws {
        let backend = try Canned.backend()
        let answer = try await withEngine(backend) { server in
            try await server.request("POST", "/networks/prune?filters=\(`Networks`.escaped(filters))")
        }
        #expect(answer.status == 400)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
        #expect(backend.log == [])
    }
}

@Suite struct `Connecting` {
    @Test func `passes on what was asked`() async throws {
        let backend = try Canned.backend()
        let body = """
            {"Container":"c1","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.0.0.9","IPv6Address":"fd00::9"},"Links":null,
            "Aliases":["db","DB.two"],"MacAddress":"02:42:0a:00:00:09","DriverOpts":null,"GwPriority":0,"NetworkID":"","EndpointID":"",
            "Gateway":"","IPAddress":"","IPPrefixLen":0,"IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}
            """
        let answer = try await withEngine(backend) { try await $0.request("POST", "/v1.50/networks/multi/connect", body: body) }
        #expect(answer.status == 200)
        #expect(answer.body == "")
        #expect(backend.log == ["connect c1 multi 10.0.0.9 fd00::9 db DB.two 02:42:0a:00:00:09"])
    }

    @Test(arguments: [
        (#"{}"#, 400, "invalid container name or ID: value is empty"),
        (#"{"Container":"c","EndpointConfig":{"Links":["a:b"]}}"#, 501, #"link \"a:b\" is not supported: use an alias"#),
        (
            #"{"Container":"c","EndpointConfig":{"IPAMConfig":{"LinkLocalIPs":["169.254.1.1"]}}}"#, 501,
            #"link-local address \"169.254.1.1\" is not supported"#
        ),
        (
            #"{"Container":"c","EndpointConfig":{"DriverOpts":{"a.b":"c"}}}"#, 501, #"endpoint option \"a.b\" is not supported"#
        ),
        (
            #"{"Container":"c","EndpointConfig":{"GwPriority":5}}"#, 501,
            "gateway priority 5 is not supported: the lowest interface has the default route"
        ),
        (#"{"Container":"c","EndpointConfig":{"IPAMConfig":{"IPv4Address":"junk"}}}"#, 400, "invalid IPv4 address: junk"),
        (#"{"Container":"c","EndpointConfig":{"IPAMConfig":{"IPv4Address":"fd00::1"}}}"#, 400, "invalid IPv4 address: fd00::1"),
        (#"{"Container":"c","EndpointConfig":{"IPAMConfig":{"IPv6Address":"10.0.0.1"}}}"#, 400, "invalid IPv6 address: 10.0.0.1"),
        (
            #"{"Container":"c","EndpointConfig":{"MacAddress":"01:00:5e:00:00:01"}}"#, 400,
            "invalid MAC address 01:00:5e:00:00:01: it is not a unicast address"
        ),
    ]) func `refuses what is wrong or not honoured`(body: String, status: Int, message: String) async throws {
        let backend = try Canned.backend()
        let answer = try await withEngine(backend) { try await $0.request("POST", "/networks/multi/connect", body: body) }
        #expect(answer.status == status)
        #expect(answer.body == #"{"message":"\#(message)"}"# + "\n")
        #expect(backend.log == [])
    }

    @Test func `and disconnecting, also by force`() async throws {
        let backend = try Canned.backend()
        try await withEngine(backend) { server in
            for body in [#"{"Container":"c1"}"#, #"{"Container":"c1","Force":true}"#, #"{"Container":"c2","Force":false}"#] {
                let answer = try await server.request("POST", "/networks/multi/disconnect", body: body)
                #expect(answer.status == 200)
                #expect(answer.body == "")
            }
        }
        #expect(backend.log == ["disconnect c1 multi", "disconnect c1 multi by force", "disconnect c2 multi"])
    }

    @Test(arguments: FaultKind.allCases) func `fails with the status of the fault`(kind: FaultKind) async throws {
        let backend = try Canned.backend { $0.refusal = .init(kind: kind, message: "no \"luck\"") }
        let statuses: [FaultKind: Int] = [
            .notFound: 404, .conflict: 409, .exhausted: 500, .unavailable: 503, .invalid: 400, .forbidden: 403, .unsupported: 501,
            .unknown: 500,
        ]
        try await withEngine(backend) { server in
            for action in ["connect", "disconnect"] {
                let answer = try await server.request("POST", "/networks/multi/\(action)", body: #"{"Container":"c1"}"#)
                #expect(answer.status == statuses[kind])
                #expect(answer.body == #"{"message":"no \"luck\""}"# + "\n")
            }
        }
    }
}
