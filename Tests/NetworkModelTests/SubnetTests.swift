import NetworkModel
import Testing

@Suite struct SubnetTests {
    @Test(arguments: ["10.0.9.0/24", "0.0.0.0/0", "10.1.2.3/32", "172.16.0.0/12", "fd00::/64", "::/0", "2001:db8::1/128"])
    func `a subnet reads and writes the same text`(text: String) throws {
        #expect(try Subnet(text).description == text)
    }

    @Test(arguments: [
        ("10.0.9.1/24", "invalid subnet 10.0.9.1/24: it should be 10.0.9.0/24"),
        ("fd00::1/64", "invalid subnet fd00::1/64: it should be fd00::/64"),
    ])
    func `an address with host bits is refused, and the message gives the subnet meant`(text: String, message: String) {
        #expect(throws: InvalidValue(message)) { try Subnet(text) }
    }

    @Test(arguments: [
        "10.0.9.0", "10.0.9.0/", "10.0.9.0/33", "fd00::/129", "10.0.9.0/-1", "10.0.9.0/+8", "10.0.9.0/24/8", "/24", "x/24", "10.0.9.0/0024",
    ])
    func `what is no CIDR block is refused by name`(text: String) {
        #expect(throws: InvalidValue("invalid subnet \(text): invalid CIDR block notation")) { try Subnet(text) }
    }

    @Test func `a length out of range is refused`() throws {
        #expect(throws: InvalidValue.self) { try Subnet(base: IPAddress(10, 0, 0, 0), prefixLength: 33) }
        #expect(throws: InvalidValue.self) { try Subnet(base: IPAddress(10, 0, 0, 0), prefixLength: -1) }
    }

    @Test func `the subnet of an address has the address's high bits`() throws {
        #expect(try Subnet(containing: IPAddress("10.0.9.77"), prefixLength: 24) == Subnet("10.0.9.0/24"))
        #expect(try Subnet(containing: IPAddress("10.0.9.77"), prefixLength: 99) == Subnet("10.0.9.77/32"))
        #expect(try Subnet(containing: IPAddress("fd00:1:2:3::4"), prefixLength: 48) == Subnet("fd00:1:2::/48"))
        #expect(try Subnet(containing: IPAddress("fd00::1"), prefixLength: -5) == Subnet("::/0"))
    }

    @Test(arguments: [
        ("10.0.9.0/24", "10.0.9.255", UInt128(256)), ("10.0.0.0/31", "10.0.0.1", 2), ("10.0.0.7/32", "10.0.0.7", 1),
        ("0.0.0.0/0", "255.255.255.255", 1 << 32), ("fd00::/64", "fd00::ffff:ffff:ffff:ffff", 1 << 64),
        ("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .max),
    ])
    func `a subnet knows its last address and its size`(text: String, last: String, size: UInt128) throws {
        let subnet = try Subnet(text)
        #expect(try subnet.last == IPAddress(last))
        #expect(subnet.size == size)
    }

    @Test func `a subnet contains its own addresses and no others`() throws {
        let subnet = try Subnet("10.0.9.0/24")
        for inside in ["10.0.9.0", "10.0.9.1", "10.0.9.255"] { #expect(try subnet.contains(IPAddress(inside))) }
        for outside in ["10.0.8.255", "10.0.10.0", "::10.0.9.1"] { #expect(try !subnet.contains(IPAddress(outside))) }
        #expect(try Subnet("::/0").contains(IPAddress("fd00::1")))
        #expect(try !Subnet("::/0").contains(IPAddress("10.0.0.1")))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.0.9.0/24", true), ("10.0.9.0/24", "10.0.9.0/24", true), ("10.0.8.0/24", "10.0.9.0/24", false),
        ("0.0.0.0/0", "192.168.0.0/16", true), ("0.0.0.0/0", "fd00::/8", false), ("fd00::/8", "fd00:1::/32", true),
    ])
    func `overlap is the same from both sides`(one: String, other: String, overlap: Bool) throws {
        #expect(try Subnet(one).overlaps(Subnet(other)) == overlap)
        #expect(try Subnet(other).overlaps(Subnet(one)) == overlap)
    }

    @Test func `a larger subnet contains a smaller one, never the other way`() throws {
        #expect(try Subnet("10.0.0.0/8").contains(Subnet("10.0.9.0/24")))
        #expect(try !Subnet("10.0.9.0/24").contains(Subnet("10.0.0.0/8")))
    }

    @Test func `addresses are counted from the base and end with the subnet`() throws {
        let subnet = try Subnet("10.0.9.252/30")
        #expect(try subnet.address(at: 0) == IPAddress("10.0.9.252"))
        #expect(try subnet.address(at: 3) == IPAddress("10.0.9.255"))
        #expect(subnet.address(at: 4) == nil)
        #expect(try Subnet("::/0").address(at: .max - 1) == IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"))
    }

    @Test func `subnets are ordered by base, then larger before smaller`() throws {
        let sorted = try ["10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "fd00::/64"].map { try Subnet($0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }
}
