import EngineClient
import NetworkModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Asking a Docker engine` {
    @Test(arguments: [
        ("1.41", "1.12", "1.41"), ("1.52", "1.44", "1.44"), ("1.60", "1.50", "1.50"), ("1.24", "1.12", "1.24"), ("1.44", "", "1.44"),
    ])
    func `is done in an API version that both have`(newest: String, oldest: String, spoken: String) async throws {
        let canned = try CannedEngine(version: Captured.versions(newest: newest, oldest: oldest)) { _, connection in
            try connection.answer("[]")
        }
        _ = try await canned.engine.networks(ofDriver: "skein")
        _ = try await canned.engine.networks(ofDriver: "skein")
        let line = "GET /v\(spoken)/networks?filters=%7B%22driver%22%3A%5B%22skein%22%5D%7D"
        #expect(canned.lines == [line, line])
        #expect(canned.heads.count == 3, "it is asked for its version once")
        #expect(canned.engine.version == "20.10.24+dfsg1")
    }

    @Test func `of something that is no engine says so`() async throws {
        let canned = try CannedEngine(version: #"{"hello":"world"}"#)
        let error = try await failure { _ = try await canned.engine.containers() }
        #expect(error.code == .undecodable)
        #expect(error.message.hasPrefix("unix:///"))
        #expect(error.message.contains("is it a container engine?"))
    }

    @Test func `that is not there names its socket`() async throws {
        let folder = try TemporaryFolder()
        let engine = try DockerEngine(at: folder.file("docker.sock"))
        #expect(engine.location == "unix://\(folder.file("docker.sock"))")
        let error = try await failure { _ = try await engine.containers() }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("the container engine at unix://\(folder.file("docker.sock")) does not answer"))
    }

    @Test(arguments: [
        ("404 Not Found", EngineError.Code.notFound), ("409 Conflict", .conflict), ("403 Forbidden", .forbidden),
        ("400 Bad Request", .invalid), ("500 Internal Server Error", .unavailable), ("503 Service Unavailable", .unavailable),
    ])
    func `that refuses is told of in its own words`(status: String, code: EngineError.Code) async throws {
        let canned = try CannedEngine { _, connection in
            try connection.answer(#"{"message":"network n1 has active endpoints"}"#, status: status)
        }
        let spec = HostedNetworkSpec(name: "n1", driver: "skein")
        let error = try await failure { _ = try await canned.engine.createNetwork(spec) }
        #expect(error == EngineError(code, "network n1 has active endpoints"))
    }

    @Test func `that fails without a word is told of by its status`() async throws {
        let canned = try CannedEngine { _, connection in try connection.answer("", status: "502 Bad Gateway") }
        let error = try await failure { _ = try await canned.engine.networks(ofDriver: "skein") }
        #expect(error == EngineError(.unavailable, "the container engine answered with status 502"))
    }

    @Test func `for what it has not is no error, and removing it neither`() async throws {
        let canned = try CannedEngine { _, connection in
            try connection.answer(#"{"message":"not found"}"#, status: "404 Not Found")
        }
        #expect(try await canned.engine.network(try EngineNetworkID(Captured.n1)) == nil)
        #expect(try await canned.engine.container("c1") == nil)
        try await canned.engine.removeNetwork(try EngineNetworkID(Captured.n1))
        #expect(canned.lines.last == "DELETE /v1.41/networks/\(Captured.n1)")
    }

    @Test func `escapes what a user calls a container`() async throws {
        let canned = try CannedEngine { _, connection in try connection.answer("{}", status: "404 Not Found") }
        #expect(try await canned.engine.container("a/b?c=ü") == nil)
        #expect(canned.lines == ["GET /v1.41/containers/a%2Fb%3Fc%3D%C3%BC/json"])
        #expect(try await canned.engine.container("") == nil, "an empty name would list all")
        #expect(canned.lines.count == 1)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A Docker engine's networks` {
    @Test func `are read whole`() async throws {
        let canned = try CannedEngine { _, connection in try connection.answer(Captured.networks) }
        let networks = try await canned.engine.networks(ofDriver: "bridge")
        let subnet = HostedSubnet(
            pool: try Subnet("10.201.0.0/24"), subPool: try Subnet("10.201.0.128/25"), gateway: try IPAddress("10.201.0.1"),
            auxiliary: ["a": try IPAddress("10.201.0.9")])
        let expected = HostedNetworkSpec(name: "n1", driver: "bridge", subnets: [subnet], options: ["foo": "bar"], labels: ["l": "1"])
        #expect(networks.map(\.spec.name) == ["bridge", "n1"])
        #expect(networks.last == HostedNetwork(id: try EngineNetworkID(Captured.n1), spec: expected))
        #expect(networks.first?.spec.subnets == [HostedSubnet(pool: try Subnet("172.17.0.0/16"))])
    }

    @Test func `that are odd spoil no others`() async throws {
        let odd = #"""
            [17, {"Name":"ingress","Id":"y2y8bd3ykikeoakbb2ocg8jqe","Driver":"skein"}, {"Id":"\#(Captured.n2)","Driver":"skein"},
             {"Name":"x","Id":"\#(Captured.n1)","Driver":"skein","IPAM":{"Driver":7,"Options":null,"Config":[{"Subnet":"junk"},{"Subnet":"10.77.0.5/16",
             "Gateway":"10.77.0.1/16","AuxiliaryAddresses":{"a":7,"b":"10.77.0.9"}},5]},"Options":{"a":1,"b":"2"},"Labels":"none","EnableIPv6":"yes","Internal":true},
             {"Name":"y","Id":"\#(Captured.n2)","Driver":"skein-else"}]
            """#
        let canned = try CannedEngine { _, connection in try connection.answer(odd) }
        let subnet = HostedSubnet(
            pool: try Subnet("10.77.0.0/16"), gateway: try IPAddress("10.77.0.1"), auxiliary: ["b": try IPAddress("10.77.0.9")])
        let expected = HostedNetworkSpec(name: "x", driver: "skein", subnets: [subnet], options: ["b": "2"], isInternal: true)
        #expect(
            try await canned.engine.networks(ofDriver: "skein") == [HostedNetwork(id: try EngineNetworkID(Captured.n1), spec: expected)])
    }

    @Test func `are told with what is on them`() async throws {
        let body = #"""
            {"Name":"x","Id":"\#(Captured.n1)","Driver":"skein","Containers":{"\#(Captured.c1)":{"Name":"web","EndpointID":"\#(Captured.e1)"},
             "ep-\#(Captured.e2)":{"EndpointID":"\#(Captured.e2)"},"odd":7,"other":{"EndpointID":""}}}
            """#
        let canned = try CannedEngine { _, connection in try connection.answer(body) }
        let network = try await canned.engine.network(try EngineNetworkID(Captured.n1))
        #expect(network?.endpoints == [try EndpointID(Captured.e1), try EndpointID(Captured.e2)])
    }

    @Test func `are made as they are described, and never twice of one name`() async throws {
        let canned = try CannedEngine { _, connection in
            try connection.answer(#"{"Id":"\#(Captured.n1)","Warning":""}"#, status: "201 Created")
        }
        var spec = HostedNetworkSpec(
            name: "multi", driver: "skein", ipamDriver: "skein", ipamOptions: ["com.skein.network": "ab"], options: ["o": "1"],
            labels: ["l": "2"], isInternal: true, isIPv6Enabled: true, isAttachable: true)
        spec.subnets = [
            HostedSubnet(
                pool: try Subnet("10.0.0.0/24"), subPool: try Subnet("10.0.0.128/25"), gateway: try IPAddress("10.0.0.1"),
                auxiliary: ["a": try IPAddress("10.0.0.9")]), HostedSubnet(pool: try Subnet("fd00::/64")),
        ]
        #expect(try await canned.engine.createNetwork(spec) == EngineNetworkID(Captured.n1))
        #expect(canned.lines == ["POST /v1.41/networks/create"])
        #expect(
            canned.bodies == [
                #"{"Attachable":true,"CheckDuplicate":true,"Driver":"skein","EnableIPv6":true,"IPAM":{"Config":[{"AuxiliaryAddresses":{"a":"10.0.0.9"},"Gateway":"10.0.0.1","IPRange":"10.0.0.128/25","Subnet":"10.0.0.0/24"},{"Subnet":"fd00::/64"}],"Driver":"skein","Options":{"com.skein.network":"ab"}},"Internal":true,"Labels":{"l":"2"},"Name":"multi","Options":{"o":"1"}}"#
            ])
        #expect(canned.heads.last?.contains("Content-Type: application/json") == true)
    }

    @Test func `take containers in and let them go`() async throws {
        let canned = try CannedEngine { _, connection in try connection.answer("") }
        let (engine, network) = (canned.engine, try EngineNetworkID(Captured.n1))
        try await engine.connect("c1", to: network, with: AttachmentOptions())
        let options = AttachmentOptions(
            addresses: [try IPAddress("10.0.0.7"), try IPAddress("fd00::7")], aliases: [try EndpointName("al")],
            mac: try MACAddress("02:42:0a:00:00:07"), options: ["k": "v"])
        try await engine.connect("c1", to: network, with: options)
        try await engine.disconnect("c1", from: network, force: true)
        let connect = "POST /v1.41/networks/\(Captured.n1)/connect"
        #expect(canned.lines == [connect, connect, "POST /v1.41/networks/\(Captured.n1)/disconnect"])
        #expect(
            canned.bodies == [
                #"{"Container":"c1","EndpointConfig":{}}"#,
                #"{"Container":"c1","EndpointConfig":{"Aliases":["al"],"DriverOpts":{"k":"v"},"IPAMConfig":{"IPv4Address":"10.0.0.7","IPv6Address":"fd00::7"},"MacAddress":"02:42:0a:00:00:07"}}"#,
                #"{"Container":"c1","Force":true}"#,
            ])
    }
}
