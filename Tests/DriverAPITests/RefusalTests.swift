import DriverAPI
import NetworkModel
import PluginClient
import TestSupport
import Testing

private let ids = #""NetworkID":"1","EndpointID":"e""#

@Suite(.timeLimit(.minutes(1))) struct `Refusals` {
    @Test(arguments: [
        ("NetworkDriver.CreateNetwork", "", "invalid JSON: got EOF while reading request body"),
        ("NetworkDriver.CreateNetwork", "{", "invalid JSON: the body is not a JSON value"),
        ("NetworkDriver.CreateNetwork", "[]", "invalid JSON: field (the whole body) is not an object"),
        ("NetworkDriver.CreateNetwork", "{}", "invalid JSON: field NetworkID is missing"),
        ("NetworkDriver.DeleteNetwork", #"{"NetworkID":7}"#, "invalid JSON: field NetworkID is not a string"),
        (
            "NetworkDriver.DeleteNetwork", #"{"NetworkID":"../x"}"#,
            #"invalid JSON: field NetworkID: "../x" is not an identifier of up to 64 lower-case hexadecimal digits"#
        ),
        ("NetworkDriver.Leave", #"{"NetworkID":"1"}"#, "invalid JSON: field EndpointID is missing"),
        ("NetworkDriver.Join", "{\(ids)}", "invalid JSON: field SandboxKey is missing"),
        ("NetworkDriver.Join", #"{\#(ids),"SandboxKey":""}"#, "endpoint e cannot join: field SandboxKey names no namespace"),
        (
            "NetworkDriver.CreateEndpoint", #"{\#(ids),"Interface":{"MacAddress":"02"}}"#,
            #"invalid JSON: field Interface.MacAddress: "02" is not a MAC address like 02:42:0a:00:00:02"#
        ),
        (
            "NetworkDriver.CreateEndpoint",
            #"{\#(ids),"Options":{"com.docker.network.endpoint.exposedports":[{"Proto":1,"Port":80}]}}"#,
            "port 80 of protocol 1 is not supported: it must be 6 (TCP), 17 (UDP) or 132 (SCTP)"
        ),
        (
            "NetworkDriver.AllocateNetwork", #"{"NetworkID":"1","Options":{},"IPv4Data":[],"IPv6Data":[]}"#,
            "networks of a swarm are not supported: create the network on an engine, without --scope swarm"
        ),
    ]) func `of the network driver say why in Err`(method: String, body: String, message: String) async throws {
        try await check(method, body, "Err", message)
    }

    @Test(arguments: [
        ("IpamDriver.RequestPool", "", "invalid JSON: got EOF while reading request body"),
        ("IpamDriver.RequestPool", "{}", "invalid JSON: field AddressSpace is missing"),
        (
            "IpamDriver.RequestPool", #"{"AddressSpace":"LocalDefault"}"#,
            #"address space "LocalDefault" is not ours: it must be "skein""#
        ),
        (
            "IpamDriver.RequestPool", #"{"AddressSpace":"skein","Pool":"10.77.0.5/16"}"#,
            "invalid JSON: field Pool: invalid subnet 10.77.0.5/16: it should be 10.77.0.0/16"
        ),
        (
            "IpamDriver.RequestPool", #"{"AddressSpace":"skein","Pool":"10.77.0.0/16","V6":true}"#,
            "10.77.0.0/16 is not an IPv6 subnet, which was asked for"
        ),
        (
            "IpamDriver.RequestPool", #"{"AddressSpace":"skein","SubPool":"10.77.0.0/16"}"#,
            "ip-range 10.77.0.0/16 has no subnet: give the subnet that it is a part of"
        ),
        (
            "IpamDriver.ReleasePool", #"{"PoolID":"LocalDefault/10.0.0.0/24"}"#,
            #"invalid JSON: field PoolID: "LocalDefault/10.0.0.0/24" is not a pool of Skein's like skein/10.0.0.0/24"#
        ),
        (
            "IpamDriver.RequestAddress", #"{"PoolID":"skein/10.0.0.0/24","Address":"10.0.1.1"}"#,
            "address 10.0.1.1 is not in the pool 10.0.0.0/24"
        ),
        (
            "IpamDriver.RequestAddress",
            #"{"PoolID":"skein/10.0.0.0/24","Options":{"com.docker.network.endpoint.macaddress":"x"}}"#,
            #""x" is not a MAC address like 02:42:0a:00:00:02"#
        ),
        (
            "IpamDriver.ReleaseAddress", #"{"PoolID":"skein/10.0.0.0/24","Address":""}"#,
            #"invalid JSON: field Address: "" is not an IPv4 or IPv6 address"#
        ),
    ]) func `of the IPAM driver say why in Error`(method: String, body: String, message: String) async throws {
        try await check(method, body, "Error", message)
    }

    private func check(_ method: String, _ body: String, _ field: String, _ message: String) async throws {
        let driver = CannedDriver()
        let answer = try await withPlugin(driver) { try await $0.call(method, body) }
        #expect(answer.status == 200)
        let quoted = message.replacing(#"""#, with: #"\""#)
        #expect(answer.body == #"{"\#(field)":"\#(quoted)"}"#)
        #expect(driver.asked == [])
    }

    @Test func `of the backend are given as they are, to each driver in its field`() async throws {
        let driver = CannedDriver(hindrance: { throw CannedDriver.Refusal(kind: .unavailable, message: "etcd at 10.0.0.1:2379 is away") })
        let (network, pool, after) = try await withPlugin(driver) { engine in
            (
                try await engine.call("NetworkDriver.DeleteNetwork", #"{"NetworkID":"1"}"#),
                try await engine.call("IpamDriver.ReleasePool", #"{"PoolID":"skein/10.0.0.0/24"}"#),
                try await engine.call("NetworkDriver.GetCapabilities")
            )
        }
        #expect(network.status == 200 && network.body == #"{"Err":"etcd at 10.0.0.1:2379 is away"}"#)
        #expect(pool.status == 200 && pool.body == #"{"Error":"etcd at 10.0.0.1:2379 is away"}"#)
        #expect(after.body == #"{"Scope":"local","ConnectivityScope":"global"}"#)
    }

    @Test(arguments: [
        ("POST", "NetworkDriver.GwAllocCheck"), ("POST", "IpamDriver.Resize"), ("POST", "VolumeDriver.Create"), ("GET", "Plugin.Activate"),
        ("POST", ""), ("POST", "NetworkDriver.Join/x"),
    ]) func `of unknown methods are a 404 that old engines pass over`(verb: String, method: String) async throws {
        let answer = try await withPlugin(CannedDriver()) { try await $0.call(method, "{}", verb: verb) }
        #expect(answer.status == 404)
        #expect(answer.body == #"{"Err":"404 page not found: \#(method) is not a method of this plugin, or was not sent by POST"}"#)
    }

    @Test func `of bodies that are too large or too deep leave the plugin alive`() async throws {
        let deep = #"{"NetworkID":"1","Options":"# + String(repeating: "[", count: 100_000) + "}"
        let large = String(repeating: " ", count: 2 << 20)
        let answers = try await withPlugin(CannedDriver()) { try await $0.call("NetworkDriver.CreateNetwork", deep) }
        #expect(answers.status == 200 && answers.body.hasPrefix(#"{"Err":"invalid JSON: "#))
        let refused = try await withPlugin(CannedDriver()) { try await $0.call("IpamDriver.RequestPool", large) }
        #expect(refused.body == #"{"Error":"request body is larger than 1048576 bytes"}"#)
    }
}
