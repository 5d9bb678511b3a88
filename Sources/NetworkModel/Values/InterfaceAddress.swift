/// An address together with the length of the subnet it is used in, such as `10.0.9.2/24`.
public struct InterfaceAddress: TextValue {
    public let address: IPAddress
    /// 0 ... 32 or 0 ... 128.
    public let prefixLength: Int

    public init(_ address: IPAddress, prefixLength: Int) throws(InvalidValue) {
        guard (0...address.family.width).contains(prefixLength) else {
            throw InvalidValue("\(address)/\(prefixLength): the prefix length must be 0 to \(address.family.width)")
        }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// An address of a subnet, with the subnet's length.
    public init(_ address: IPAddress, in subnet: Subnet) {
        self.address = address
        self.prefixLength = min(subnet.prefixLength, address.family.width)
    }

    public init(_ text: String) throws(InvalidValue) {
        try self.init(cidr: text)
    }

    init(cidr text: String) throws(InvalidValue) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress.parse(String(parts[0]).utf8), let length = Self.length(parts[1]),
            length <= address.family.width
        else {
            // The wording of Docker 28.
            throw InvalidValue("invalid subnet \(text): invalid CIDR block notation")
        }
        self.address = address
        self.prefixLength = length
    }

    private static func length(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    public var subnet: Subnet { Subnet(containing: address, prefixLength: prefixLength) }
    public var description: String { "\(address)/\(prefixLength)" }
}
