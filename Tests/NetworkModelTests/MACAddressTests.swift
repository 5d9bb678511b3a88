import NetworkModel
import Testing

@Suite struct MACAddressTests {
    @Test func `an endpoint's default is 02 42 and its IPv4 address, as in Docker`() throws {
        #expect(try MACAddress(of: IPAddress("10.0.9.2")) == MACAddress("02:42:0a:00:09:02"))
        #expect(try MACAddress(of: IPAddress("fd00::2")) == nil)
    }

    @Test(arguments: [
        ("02:42:0a:00:09:02", "02:42:0a:00:09:02"), ("02-42-0A-00-09-02", "02:42:0a:00:09:02"), ("ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff"),
    ])
    func `text in either notation is written in lower case with colons`(text: String, canonical: String) throws {
        let address = try MACAddress(text)
        #expect(address.description == canonical)
        #expect(address.bytes.count == 6)
    }

    @Test(arguments: [
        "", "02:42:0a:00:09", "02:42:0a:00:09:02:03", "2:42:0a:00:09:02", "02:42:0a:00:09:0g", "02420a000902", "+2:42:0a:00:09:02",
        "02::42:0a:00:09:02",
    ])
    func `what is no MAC address is refused by name`(text: String) {
        #expect(throws: InvalidValue("\"\(text)\" is not a MAC address like 02:42:0a:00:00:02")) { try MACAddress(text) }
    }

    @Test func `a random address is unicast and locally administered`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let address = MACAddress(random: &generator)
            #expect(!address.isMulticast)
            #expect(address.bytes.first.map { $0 & 2 } == 2)
        }
    }

    @Test func `the group bit is the lowest of the first byte`() throws {
        #expect(try MACAddress("01:00:5e:00:00:01").isMulticast)
        #expect(try !MACAddress("02:00:5e:00:00:01").isMulticast)
    }
}
