import NetworkModel
import Testing

@testable import AddressManagement

@Suite struct UsableAddressesTests {
    private func all(
        _ pool: String, range: String? = nil, gateway: String? = nil, auxiliary: [String: String] = [:], taken: [String] = []
    ) throws -> [String] {
        let subnet = SubnetRecord(
            pool: try Subnet(pool), subPool: try range.map { try Subnet($0) }, gateway: try gateway.map { try IPAddress($0) },
            auxiliary: try auxiliary.mapValues { try IPAddress($0) })
        let taken = AddressSet(try taken.map { try IPAddress($0) })
        return UsableAddresses(subnet).lowestFree(8, besides: taken).map(\.description)
    }

    @Test func `addresses ascend without the network, the gateway, the reserved and the taken`() throws {
        let free = try all("10.0.9.0/28", gateway: "10.0.9.1", auxiliary: ["printer": "10.0.9.3"], taken: ["10.0.9.2", "10.0.9.5"])
        #expect(free == ["10.0.9.4", "10.0.9.6", "10.0.9.7", "10.0.9.8", "10.0.9.9", "10.0.9.10", "10.0.9.11", "10.0.9.12"])
    }

    @Test func `an IPv4 subnet ends before its broadcast address`() throws {
        #expect(try all("10.0.9.0/29", gateway: "10.0.9.1") == (2...6).map { "10.0.9.\($0)" })
    }

    @Test func `an IPv6 subnet has no broadcast address`() throws {
        #expect(try all("fd00::/125", gateway: "fd00::1") == (2...7).map { "fd00::\($0)" })
    }

    @Test func `subnets of one or two addresses use them all`() throws {
        #expect(try all("10.0.9.4/31") == ["10.0.9.4", "10.0.9.5"])
        #expect(try all("10.0.9.4/32") == ["10.0.9.4"])
        #expect(try all("fd00::4/127") == ["fd00::4", "fd00::5"])
        #expect(try all("fd00::4/128") == ["fd00::4"])
        #expect(try all("10.0.9.4/30") == ["10.0.9.5", "10.0.9.6"])
    }

    @Test func `the first and last of an ip range are usable`() throws {
        // As Docker 20.10 was seen to do with this very range.
        #expect(try all("10.71.0.0/16", range: "10.71.0.128/30", gateway: "10.71.0.128") == ["10.71.0.129", "10.71.0.130", "10.71.0.131"])
    }

    @Test func `an ip range at the end of its pool lacks the broadcast address`() throws {
        #expect(try all("10.71.0.0/24", range: "10.71.0.252/30") == ["10.71.0.252", "10.71.0.253", "10.71.0.254"])
        #expect(try all("10.71.0.0/24", range: "10.71.0.0/30") == ["10.71.0.1", "10.71.0.2", "10.71.0.3"])
    }

    @Test func `the end of an address family is no trap`() throws {
        #expect(try all("255.255.255.252/30") == ["255.255.255.253", "255.255.255.254"])
        #expect(
            try all("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127").count == 2)
    }

    @Test func `the lowest free address lies after ten thousand that are taken, lesson 27`() throws {
        let subnet = SubnetRecord(pool: try Subnet("10.80.0.0/16"), gateway: try IPAddress("10.80.0.1"))
        let taken = AddressSet((2..<10_002).compactMap { subnet.pool.address(at: UInt128($0)) })
        #expect(UsableAddresses(subnet).lowestFree(besides: taken).map(\.description) == ["10.80.39.18"])
    }
}
