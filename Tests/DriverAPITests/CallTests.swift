import DriverAPI
import NetworkModel
import PluginClient
import TestSupport
import Testing

/// Bytes as an engine sends them, and the bytes it takes: over a unix socket.
@Suite(.timeLimit(.minutes(1))) struct `Calls of an engine` {
    @Test func `are understood and answered, all of a network's life`() async throws {
        let driver = CannedDriver()
        let life = try Captured.life()
        let answers = try await withPlugin(driver) { engine in
            var answers: [PluginAnswer] = []
            for call in life { answers.append(try await engine.call(call.method, call.body)) }
            return answers
        }
        for (call, answer) in zip(life, answers) {
            #expect(answer.status == 200 && answer.body == call.answer, "\(call.method): \(answer.body)")
            #expect(answer.type == "application/vnd.docker.plugins.v1.2+json")
        }
        #expect(driver.asked == life.compactMap(\.asked))
    }

    @Test func `get the same answers twice and in any order (lesson 8)`() async throws {
        let life = try Captured.life()
        var numbers = RandomnessGenerator(SeededRandomness(seed: 8))
        let orders: [[Captured]] = [life.flatMap { [$0, $0] }, life.reversed(), (life + life).shuffled(using: &numbers)]
        for order in orders {
            let driver = CannedDriver()
            try await withPlugin(driver) { engine in
                for call in order {
                    let answer = try await engine.call(call.method, call.body)
                    #expect(answer.status == 200 && answer.body == call.answer, "\(call.method): \(answer.body)")
                }
            }
            #expect(driver.asked == order.compactMap(\.asked))
        }
    }

    @Test(arguments: ["", "plugin.moby.localhost", "%2Frun%2Fdocker%2Fplugins%2Fskein.sock"])
    func `come with any name of the host`(name: String) async throws {
        let answer = try await withPlugin(CannedDriver()) { try await $0.call("Plugin.Activate", host: name) }
        #expect(answer.body == #"{"Implements":["NetworkDriver","IpamDriver"]}"#)
    }

    @Test(arguments: ["text/plain", "application/vnd.docker.plugins.v1.1+json", "application/x-www-form-urlencoded", "?"])
    func `come with any content type`(type: String) async throws {
        let driver = CannedDriver()
        let answer = try await withPlugin(driver) {
            try await $0.call("NetworkDriver.DeleteNetwork", #"{"NetworkID":"\#(Captured.n)"}"#, type: type)
        }
        #expect(answer.body == "{}")
        #expect(driver.asked == [.deleteNetwork(try Identifier(Captured.n))])
    }

    @Test(arguments: [
        "Plugin.Activate", "NetworkDriver.GetCapabilities", "NetworkDriver.DiscoverNew", "IpamDriver.GetDefaultAddressSpaces",
    ])
    func `that say nothing are not read, and the next on the connection is`(method: String) async throws {
        let (first, second) = try await withPlugin(CannedDriver()) { engine in
            (try await engine.call(method, "{nonsense"), try await engine.call("Plugin.Activate"))
        }
        #expect(first.status == 200)
        #expect(second.body == #"{"Implements":["NetworkDriver","IpamDriver"]}"#)
    }

    @Test func `with the user's own MAC and no address get addresses, and no other MAC`() async throws {
        let driver = CannedDriver(
            choices: EndpointChoices(mac: MACAddress(bits: 0x0242_0ac9_0032), addresses: [try InterfaceAddress("10.201.0.50/24")]))
        let answer = try await withPlugin(driver) {
            try await $0.call(
                "NetworkDriver.CreateEndpoint",
                #"{"NetworkID":"1","EndpointID":"e","Interface":{"Address":"","AddressIPv6":"","MacAddress":"02:42:AC:11:00:02"},"#
                    + #""Options":{"com.docker.network.endpoint.macaddress":"AkKsEQAC","#
                    + #""com.docker.network.endpoint.dnsservers":["1.1.1.1"]}}"#)
        }
        #expect(answer.body == #"{"Interface":{"Address":"10.201.0.50/24"}}"#)
        let reference = EndpointReference(network: try Identifier("1"), endpoint: try Identifier("e"))
        #expect(driver.asked == [.createEndpoint(EngineEndpoint(reference: reference, mac: MACAddress(bits: 0x0242_ac11_0002)))])
    }

    @Test func `leave out what an engine has nothing to say of`() async throws {
        let driver = CannedDriver()
        let ids = #""NetworkID":"1","EndpointID":"e""#
        try await withPlugin(driver) { engine in
            _ = try await engine.call("NetworkDriver.CreateNetwork", #"{"NetworkID":"1"}"#)
            _ = try await engine.call("NetworkDriver.CreateEndpoint", "{\(ids)}")
            _ = try await engine.call("NetworkDriver.Join", #"{\#(ids),"SandboxKey":"/a","Options":null}"#)
            _ = try await engine.call("NetworkDriver.ProgramExternalConnectivity", "{\(ids)}")
            _ = try await engine.call("IpamDriver.RequestPool", #"{"AddressSpace":"skein"}"#)
            _ = try await engine.call("IpamDriver.RequestAddress", #"{"PoolID":"skein/10.0.0.0/24"}"#)
        }
        let reference = EndpointReference(network: try Identifier("1"), endpoint: try Identifier("e"))
        #expect(
            driver.asked == [
                .createNetwork(EngineNetwork(id: try Identifier("1"))), .createEndpoint(EngineEndpoint(reference: reference)),
                .join(SandboxJoining(endpoint: reference, sandboxPath: "/a")), .publish(EndpointOptions(), reference),
                .requestPool(PoolRequest(family: .v4)), .requestAddress(AddressRequest(pool: try PoolID("skein/10.0.0.0/24"))),
            ])
    }

    @Test func `name a range of the host's ports`() async throws {
        let driver = CannedDriver()
        _ = try await withPlugin(driver) {
            try await $0.call(
                "NetworkDriver.ProgramExternalConnectivity",
                #"{"NetworkID":"1","EndpointID":"e","Options":{"com.docker.network.portmap":["#
                    + #"{"Proto":132,"Port":9,"HostIP":"::","HostPort":8000,"HostPortEnd":8010},"#
                    + #"{"Proto":6,"Port":9,"HostPort":7,"HostPortEnd":0}]}}"#)
        }
        let reference = EndpointReference(network: try Identifier("1"), endpoint: try Identifier("e"))
        let ports = [
            PublishedPort(TransportPort(.sctp, 9), hostAddress: try IPAddress("::"), hostPorts: 8000...8010),
            PublishedPort(TransportPort(.tcp, 9), hostPorts: 7...7),
        ]
        #expect(driver.asked == [.publish(EndpointOptions(publishedPorts: ports), reference)])
    }
}
