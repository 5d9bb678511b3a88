import DesiredState
import NetworkModel
import Testing

@Suite struct `Published ports of a network` {
    private static let both: [IPFamily] = [.v4, .v6]

    private func plan(
        _ endpoints: [String: (addresses: [String], ports: [PortForwarding])], over families: [IPFamily] = both
    ) throws -> PortPlan {
        var wanted: [EndpointID: (addresses: [IPAddress], ports: [PortForwarding])] = [:]
        for (digits, endpoint) in endpoints {
            wanted[try Fixture.id(digits)] = (try endpoint.addresses.map { try IPAddress($0) }, endpoint.ports)
        }
        return PortPlan(wanted, over: families)
    }

    private func forwarding(_ hostPort: UInt16, at address: String? = nil, to port: UInt16 = 80) throws -> PortForwarding {
        PortForwarding(hostAddress: try address.map { try IPAddress($0) }, hostPort: hostPort, to: TransportPort(.tcp, port))
    }

    private func words(_ plan: PortPlan) -> [String] {
        plan.passages.map { "\($0.hostAddress) \($0.hostPort) > \($0.uplinkPort) > \($0.address) \($0.port)" }
    }

    @Test func `are passed on in each family that endpoint and network have`() throws {
        let ports = [try forwarding(8080)]
        #expect(
            words(try plan(["1": (["10.0.0.2", "fd00::2"], ports)]))
                == ["0.0.0.0 8080 > 8080 > 10.0.0.2 80", ":: 8080 > 8080 > fd00::2 80"])
        #expect(words(try plan(["1": (["10.0.0.2"], ports)])) == ["0.0.0.0 8080 > 8080 > 10.0.0.2 80"])
        #expect(words(try plan(["1": (["10.0.0.2", "fd00::2"], ports)], over: [.v4])) == ["0.0.0.0 8080 > 8080 > 10.0.0.2 80"])
    }

    @Test func `are for one family if the host's address is`() throws {
        let endpoint = ["10.0.0.2", "fd00::2"]
        #expect(words(try plan(["1": (endpoint, [try forwarding(1, at: "0.0.0.0")])])) == ["0.0.0.0 1 > 1 > 10.0.0.2 80"])
        #expect(words(try plan(["1": (endpoint, [try forwarding(1, at: "::")])])) == [":: 1 > 1 > fd00::2 80"])
        #expect(words(try plan(["1": (endpoint, [try forwarding(1, at: "127.0.0.1")])])) == ["127.0.0.1 1 > 1 > 10.0.0.2 80"])
    }

    @Test func `that nothing can be passed on for are told`() throws {
        let six = try forwarding(1, at: "fd09::1")
        let (loop, any) = (try forwarding(2, at: "::1"), try forwarding(3))
        let bare = try plan(["1": (["10.0.0.2"], [six]), "2": ([], [any])])
        #expect(bare.passages == [] && Set(bare.unserved) == [six, any])
        #expect(try plan(["1": (["10.0.0.2", "fd00::2"], [loop])]).unserved == [loop])
        let isolated = try plan(["1": (["10.0.0.2", "fd00::2"], [any])], over: [])
        #expect(isolated.passages == [] && isolated.unserved == [any])
    }

    @Test func `have numbers of their own on the uplink where two host addresses have one number`() throws {
        let plan = try plan([
            "1": (["10.0.0.2"], [try forwarding(8080, at: "127.0.0.1"), try forwarding(8080, at: "10.97.0.1")]),
            "2": (["10.0.0.3"], [try forwarding(8080, at: "192.0.2.1"), try forwarding(65535, at: "127.0.0.1", to: 81)]),
        ])
        #expect(
            words(plan) == [
                "10.97.0.1 8080 > 8080 > 10.0.0.2 80", "127.0.0.1 8080 > 8080 > 10.0.0.2 80", "192.0.2.1 8080 > 65534 > 10.0.0.3 80",
                "127.0.0.1 65535 > 65535 > 10.0.0.3 81",
            ])
    }

    @Test func `make the same plan in whatever order they come`() throws {
        let ports = try (1...20).map { try forwarding(UInt16($0 % 5 + 1), at: "192.0.2.\($0)", to: UInt16($0)) }
        let one = try plan(["1": (["10.0.0.2"], ports), "2": (["10.0.0.3"], [try forwarding(9)])])
        let other = try plan(["2": (["10.0.0.3"], [try forwarding(9)]), "1": (["10.0.0.2"], ports.reversed())])
        #expect(one == other)
        #expect(Set(one.passages.map(\.uplinkPort)).count == 21)
    }
}
