/// The name or alias of an endpoint: what a container is called, and what DNS answers to.
public struct EndpointName: TextValue, Comparable {
    public let rawValue: String

    /// Docker's rule for container names, `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, and DNS's limits: labels of 1 to 63 bytes, 253 in all.
    public init(_ text: String) throws(InvalidValue) {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = text.utf8.first, Self.isAlphanumeric(first), text.utf8.count <= 253,
            text.utf8.allSatisfy({
                Self.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }),
            labels.allSatisfy({ (1...63).contains($0.count) })
        else {
            throw InvalidValue(
                "invalid name \"\(text)\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed, in labels of 1 to 63 characters, 253 in all")
        }
        self.rawValue = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }

    /// The form in which names are claimed and looked up: ASCII case is folded (RFC 4343; lesson 29).
    public var folded: String { rawValue.lowercased() }

    public static func < (left: EndpointName, right: EndpointName) -> Bool { left.rawValue < right.rawValue }
    public var description: String { rawValue }
}
