import DesiredState
import NetworkModel
import TestSupport
import Testing

@Suite struct `Links of uplinks` {
    @Test func `are point-to-point pairs of each family`() throws {
        let link = try #require(UplinkAddresses(number: 3))
        #expect(link.host(.v4).description == "169.254.128.6/31")
        #expect(link.network(.v4).description == "169.254.128.7/31")
        #expect(link.host(.v6).description == "fd73:6b65:696e::6/127")
        #expect(link.network(.v6).description == "fd73:6b65:696e::7/127")
        #expect(UplinkAddresses(of: link.network(.v4).address) == link)
        #expect(UplinkAddresses(of: link.host(.v6).address) == link)
    }

    @Test(arguments: ["169.254.127.255", "10.0.0.1", "fd73:6b65:696e::8000", "fe80::1"])
    func `are not found in other addresses`(address: String) throws {
        #expect(UplinkAddresses(of: try IPAddress(address)) == nil)
    }

    @Test func `are each one network's, also when their ids begin alike`() throws {
        var addressing = UplinkAddressing()
        let networks = try (0..<300).map { try NetworkID("0000" + String(0x10000 + $0, radix: 16)) }
        let links = networks.compactMap { addressing.link(of: $0) }
        #expect(Set(links).count == 300)
        #expect(networks.compactMap { addressing.link(of: $0) } == links)
    }

    @Test func `stay a network's when it had one, and are free when it goes`() throws {
        var addressing = UplinkAddressing()
        let (one, other): (NetworkID, NetworkID) = (try Fixture.id("1"), try Fixture.id("2"))
        let link = try #require(UplinkAddresses(number: 9))
        addressing.adopt(link, for: one)
        addressing.adopt(link, for: other)
        #expect(addressing.link(of: one) == link)
        #expect(addressing.link(of: other) != link)
        addressing.release(one)
        #expect(addressing.link(of: one) != link)
    }

    @Test func `keep clear of what clouds answer on, and of what the host uses`() throws {
        var addressing = UplinkAddressing()
        addressing.reserve(IPAddress(169, 254, 128, 1))
        let networks = try (0..<UInt64(UplinkAddresses.count)).map { try NetworkID(String(0x1000_0000 + $0, radix: 16)) }
        let addresses = networks.compactMap { addressing.link(of: $0) }.flatMap { [$0.host(.v4).address, $0.network(.v4).address] }
        #expect(addresses.count == 2 * (Int(UplinkAddresses.count) - 256 - 1))
        for taken in [IPAddress(169, 254, 169, 254), IPAddress(169, 254, 170, 2), IPAddress(169, 254, 128, 0)] {
            #expect(!addresses.contains(taken))
        }
    }
}
