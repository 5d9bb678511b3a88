import NetworkModel
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: ["0.0.0.0", "10.0.9.2", "127.0.0.1", "192.168.255.1", "255.255.255.255"])
    func `an IPv4 address reads and writes the same text`(text: String) throws {
        let address = try IPAddress(text)
        #expect(address.family == .v4)
        #expect(address.description == text)
    }

    /// The canonical forms of RFC 5952 section 4, from other forms of RFC 4291 section 2.2.
    @Test(arguments: [
        ("2001:0db8::0001", "2001:db8::1"),  // 4.1: leading zeros
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),  // 4.2.1: shorten as much as possible
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),  // 4.2.2: not one group
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // 4.2.3: the longest run
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),  // 4.2.3: the first of equal runs
        ("2001:DB8::ABCD", "2001:db8::abcd"),  // 4.3: lower case
        ("0:0:0:0:0:0:0:0", "::"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("1:0:0:0:0:0:0:0", "1::"),
        ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("fe80:0:0:0:1:2:3:4", "fe80::1:2:3:4"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `an IPv6 address is written in its canonical form`(text: String, canonical: String) throws {
        let address = try IPAddress(text)
        #expect(address.family == .v6)
        #expect(address.description == canonical)
        #expect(try IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", " ", "10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.01", "10.0.0.-1", "10.0.0.1 ", "10.0.0.", "0x0a.0.0.1", "١.0.0.1",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1::2::3", "::1:", ":1::", "1:::2", "12345::", "::g", "::+1",
        "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "fe80::1%eth0", "[::1]", "::1/64",
    ])
    func `what is no address is refused by name`(text: String) {
        let fault = #expect(throws: InvalidValue.self) { try IPAddress(text) }
        #expect(fault?.message == "\"\(text)\" is not an IPv4 or IPv6 address")
        #expect(fault?.kind == .invalid)
    }

    @Test(arguments: ["10.0.9.2", "2001:db8::2"])
    func `bytes in network order make the same address`(text: String) throws {
        let address = try IPAddress(text)
        #expect(address.bytes.count == address.family.width / 8)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test func `bytes of another count make no address`() {
        #expect(IPAddress(bytes: [10, 0, 0]) == nil)
        #expect(IPAddress(bytes: []) == nil)
        #expect(IPAddress(bytes: Array(repeating: 0, count: 17)) == nil)
    }

    @Test func `addresses are ordered by family, then by number`() throws {
        let sorted = try ["10.0.0.9", "10.0.0.10", "255.255.255.255", "::1", "fd00::9", "fd00::10"].map { try IPAddress($0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test func `the successor ends with the family`() throws {
        #expect(try IPAddress("10.0.0.255").successor == IPAddress("10.0.1.0"))
        #expect(try IPAddress("255.255.255.255").successor == nil)
        #expect(try IPAddress("::ffff:ffff:ffff:ffff").successor == IPAddress("0:0:0:1::"))
        #expect(try IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").successor == nil)
    }

    @Test func `bits above the family's width are dropped`() {
        #expect(IPAddress(family: .v4, bits: 0x1_0a00_0001) == IPAddress(10, 0, 0, 1))
    }

    @Test(arguments: [
        ("127.0.0.1", "loopback"), ("127.255.0.1", "loopback"), ("::1", "loopback"), ("0.0.0.0", "unspecified"), ("::", "unspecified"),
        ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("ff02::1", "multicast"), ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"), ("febf::1", "link-local"), ("10.0.0.1", ""), ("fec0::1", ""), ("fd00::1", ""), ("240.0.0.1", ""),
    ])
    func `special addresses are recognised`(text: String, kind: String) throws {
        let address = try IPAddress(text)
        #expect(address.isLoopback == (kind == "loopback"))
        #expect(address.isUnspecified == (kind == "unspecified"))
        #expect(address.isMulticast == (kind == "multicast"))
        #expect(address.isLinkLocal == (kind == "link-local"))
    }
}
