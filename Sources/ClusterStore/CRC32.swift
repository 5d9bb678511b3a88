/// CRC-32 as in Ethernet, gzip and zip (ITU-T V.42; polynomial 0xEDB88320, reflected): whether bytes are still as they were written.
public struct CRC32: Sendable {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xedb8_8320 }
    }

    private var register = ~UInt32(0)

    public init() {}

    public mutating func update(_ bytes: some Sequence<UInt8>) {
        var register = register
        for byte in bytes { register = register >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] }
        self.register = register
    }

    public var value: UInt32 { ~register }
}
