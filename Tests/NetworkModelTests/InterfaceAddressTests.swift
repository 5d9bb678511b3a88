import NetworkModel
import Testing

@Suite struct InterfaceAddressTests {
    @Test(arguments: [("10.0.9.2/24", "10.0.9.0/24"), ("fd00::2/64", "fd00::/64")])
    func `an interface address knows its subnet`(text: String, subnet: String) throws {
        let address = try InterfaceAddress(text)
        #expect(address.description == text)
        #expect(try address.subnet == Subnet(subnet))
        #expect(InterfaceAddress(address.address, in: address.subnet) == address)
    }

    @Test(arguments: [-1, 33])
    func `a length out of range is refused`(length: Int) {
        #expect(throws: InvalidValue("10.0.9.2/\(length): the prefix length must be 0 to 32")) {
            try InterfaceAddress(IPAddress(10, 0, 9, 2), prefixLength: length)
        }
    }
}
