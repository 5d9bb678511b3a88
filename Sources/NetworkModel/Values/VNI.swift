/// A VXLAN network identifier: 24 bits (RFC 7348 section 5).
public struct VNI: Codable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UInt32

    /// The range Skein gives out: Docker's, since 1.10.
    public static let allocatable: ClosedRange<UInt32> = 256...0xff_ffff

    /// - Throws: ``InvalidValue`` for 0 and for what does not fit 24 bits.
    public init(_ rawValue: UInt32) throws(InvalidValue) {
        guard (1...0xff_ffff).contains(rawValue) else {
            throw InvalidValue("VNI \(rawValue) is out of range: it must be 1 to 16777215")
        }
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(try container.decode(UInt32.self))
        } catch let invalid as InvalidValue {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: invalid.message)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public static func < (left: VNI, right: VNI) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}
