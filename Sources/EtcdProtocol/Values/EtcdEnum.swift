/// An enumeration of etcd's messages: written by name, read by name or number; the first case is 0 and left out.
public protocol EtcdEnum: RawRepresentable, CaseIterable, Codable, Hashable, Sendable, EtcdZero where RawValue == String {}

extension EtcdEnum {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let name = try? container.decode(String.self) {
            guard let value = Self(rawValue: name) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown value '\(name)'")
            }
            self = value
            return
        }
        let number = try container.decode(Int.self)
        let cases = Array(Self.allCases)
        guard cases.indices.contains(number) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown value \(number)")
        }
        self = cases[number]
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
