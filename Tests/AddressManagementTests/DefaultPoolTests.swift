import NetworkModel
import Testing

@testable import AddressManagement

@Suite struct DefaultPoolTests {
    private func first(_ scope: NetworkScope, besides used: [String] = [], routes: [HostRoute] = []) throws -> String {
        var register = PoolRegister(used: try used.map { try Subnet($0) }, routes: routes)
        return try register.claimFirst(of: DefaultPools.ipv4(scope)).description
    }

    @Test func `global pools are slash 24s that ascend from 10.0.0.0`() throws {
        var register = PoolRegister(used: [])
        let pools = try (0..<300).map { _ in try register.claimFirst(of: DefaultPools.ipv4(.global)).description }
        #expect(Array(pools.prefix(3)) == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"])
        #expect(pools[256] == "10.1.0.0/24")
    }

    @Test func `the local list is Docker's, of 31 pools`() throws {
        var register = PoolRegister(used: [])
        let pools = try (0..<31).map { _ in try register.claimFirst(of: DefaultPools.ipv4(.local)).description }
        #expect(pools[0] == "172.17.0.0/16")
        #expect(pools[14] == "172.31.0.0/16")
        #expect(pools[15] == "192.168.0.0/20")
        #expect(pools[30] == "192.168.240.0/20")
        #expect {
            _ = try register.claimFirst(of: DefaultPools.ipv4(.local))
        } throws: {
            ($0 as? AddressError)?.message == "all predefined address pools have been fully subnetted"
        }
    }

    @Test func `a freed pool in the middle is the next one given out`() throws {
        #expect(try first(.global, besides: ["10.0.0.0/24", "10.0.2.0/24"]) == "10.0.1.0/24")
    }

    @Test func `pools of any size are stepped over`() throws {
        #expect(try first(.global, besides: ["10.0.0.0/15", "10.2.0.128/25"]) == "10.2.1.0/24")
        #expect(try first(.global, besides: ["10.0.0.0/30", "10.0.0.64/26", "10.0.1.4/30"]) == "10.0.2.0/24")
        #expect(try first(.global, besides: ["192.168.0.0/16"]) == "10.0.0.0/24")
    }

    @Test func `the last pool of the supply is given out and nothing after it`() throws {
        let allButLast = [
            "10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/11", "10.224.0.0/12", "10.240.0.0/13", "10.248.0.0/14", "10.252.0.0/15",
        ]
        let tail = ["10.254.0.0/16", "10.255.0.0/17", "10.255.128.0/18", "10.255.192.0/19", "10.255.224.0/20", "10.255.240.0/21"]
        let end = ["10.255.248.0/22", "10.255.252.0/23", "10.255.254.0/24"]
        #expect(try first(.global, besides: allButLast + tail + end) == "10.255.255.0/24")
        #expect(throws: AddressError.self) { try first(.global, besides: allButLast + tail + end + ["10.255.255.0/24"]) }
    }

    @Test func `the choice avoids the routes of hosts, lesson 26`() throws {
        let routes = [
            HostRoute(destination: try Subnet("0.0.0.0/0"), host: "a"), HostRoute(destination: try Subnet("10.0.0.0/16"), host: "b"),
            HostRoute(destination: try Subnet("10.0.7.0/24"), host: "c"), HostRoute(destination: try Subnet("10.1.0.77/32"), host: "c"),
        ]
        #expect(try first(.global, routes: routes) == "10.1.1.0/24")
    }

    @Test func `when only routes are in the way the error names the route and its host, lesson 26`() throws {
        let routes = [HostRoute(destination: try Subnet("10.0.0.0/8"), host: "web-1")]
        let error = #expect(throws: AddressError.self) { try first(.global, routes: routes) }
        #expect(error?.code == .noPool)
        #expect(error?.message.contains("the route 10.0.0.0/8 of host web-1") == true)
    }

    @Test func `a chosen pool that overlaps a route is refused by the route's name, lesson 26`() throws {
        var register = PoolRegister(used: [], routes: [HostRoute(destination: try Subnet("10.9.4.0/22"), host: "web-1")])
        let error = #expect(throws: AddressError.self) { try register.claim(try Subnet("10.9.0.0/16")) }
        #expect(
            error?.message == "invalid pool request: 10.9.0.0/16 overlaps with the route 10.9.4.0/22 of host web-1")
        #expect(error?.kind == .forbidden)
    }

    @Test func `a chosen pool that overlaps another is refused in Docker's words`() throws {
        var register = PoolRegister(used: [try Subnet("10.9.0.0/16")])
        for pool in ["10.9.0.0/16", "10.9.3.0/24", "10.8.0.0/14"] {
            let error = #expect(throws: AddressError.self) { try register.claim(try Subnet(pool)) }
            #expect(error?.message == "invalid pool request: Pool overlaps with other one on this address space")
        }
        try register.claim(try Subnet("10.10.0.0/16"))
        #expect(throws: AddressError.self) { try register.claim(try Subnet("10.10.0.0/24")) }
    }

    @Test func `IPv6 pools are slash 64s of a random unique local prefix`() throws {
        var generator = SystemRandomNumberGenerator()
        var register = PoolRegister(used: [])
        let supplies = DefaultPools.ipv6(random: &generator)
        let first = try register.claimFirst(of: supplies)
        let second = try register.claimFirst(of: supplies)
        #expect(first.prefixLength == 64)
        #expect(try Subnet("fd00::/8").contains(first))
        #expect(first != second)
        #expect(Subnet(containing: first.base, prefixLength: 48).contains(second))
        #expect(DefaultPools.ipv6(random: &generator) != supplies)
    }

    @Test func `the end of an address family is no trap`() throws {
        var register = PoolRegister(used: [try Subnet("255.255.255.0/24")])
        let supply = PoolSupply(base: try Subnet("255.255.255.0/24"), prefixLength: 24)
        #expect(throws: AddressError.self) { try register.claimFirst(of: [supply]) }
        var all = PoolRegister(used: [try Subnet("::/0")])
        #expect(throws: AddressError.self) {
            try all.claimFirst(of: [PoolSupply(base: try Subnet("::/0"), prefixLength: 0)])
        }
    }

    @Test func `finding a pool among ten thousand is quick`() throws {
        let used = (0..<10_000).map { Subnet(containing: IPAddress(family: .v4, bits: UInt128(0x0a00_0000 + $0 << 8)), prefixLength: 24) }
        var register = PoolRegister(used: used.shuffled())
        #expect(try register.claimFirst(of: DefaultPools.ipv4(.global)).description == "10.39.16.0/24")
    }
}
