/// A random identifier in lower-case hexadecimal, as Docker writes them: 64 digits, or shortened to the first 12.
///
/// The phantom parameter keeps a network's id from being passed as an endpoint's.
public struct Identifier<Subject>: TextValue, Comparable {
    /// The digits, 16 in a word, from the highest bits on, and zeros after the last. There are tens of thousands of ids in memory, four in an
    /// endpoint: text would take three times the space, and a piece of the heap each.
    private let digits: (UInt64, UInt64, UInt64, UInt64)
    private let count: UInt8

    /// The length of a new identifier, in hexadecimal digits.
    public static var length: Int { 64 }

    /// - Throws: ``InvalidValue`` unless the text is 1 to 64 lower-case hexadecimal digits.
    public init(_ text: String) throws(InvalidValue) {
        var text = text
        let parsed = text.withUTF8 { Self.parse($0) }
        guard let parsed else { throw Self.invalid(text) }
        (digits, count) = parsed
    }

    public init(utf8 text: UnsafeBufferPointer<UInt8>) throws(InvalidValue) {
        guard let parsed = Self.parse(text) else { throw Self.invalid(String(decoding: text, as: UTF8.self)) }
        (digits, count) = parsed
    }

    private static func invalid(_ text: String) -> InvalidValue {
        InvalidValue("\"\(text)\" is not an identifier of up to 64 lower-case hexadecimal digits")
    }

    /// A new identifier of 256 random bits.
    public init(random generator: inout some RandomNumberGenerator) {
        digits = (generator.next(), generator.next(), generator.next(), generator.next())
        count = UInt8(Self.length)
    }

    public var rawValue: String {
        String(unsafeUninitializedCapacity: Self.length) { text in
            for index in 0..<4 {
                var rest = word(index)
                for place in stride(from: index * 16 + 15, through: index * 16, by: -1) {
                    let digit = UInt8(truncatingIfNeeded: rest & 0xf)
                    text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
                    rest >>= 4
                }
            }
            return Int(count)
        }
    }

    private func word(_ index: Int) -> UInt64 {
        switch index {
        case 0: digits.0
        case 1: digits.1
        case 2: digits.2
        default: digits.3
        }
    }

    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> ((UInt64, UInt64, UInt64, UInt64), UInt8)? {
        guard (1...length).contains(text.count) else { return nil }
        guard let first = word(of: text, from: 0), let second = word(of: text, from: 16), let third = word(of: text, from: 32),
            let fourth = word(of: text, from: 48)
        else { return nil }
        return ((first, second, third, fourth), UInt8(text.count))
    }

    /// Up to 16 digits from a place on, and zeros after the last.
    private static func word(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64? {
        let end = min(start + 16, text.count)
        guard start < end else { return 0 }
        var word: UInt64 = 0
        for place in start..<end {
            guard let digit = value(ofDigit: text[place]) else { return nil }
            word = word << 4 | digit
        }
        return word << UInt64(4 * (start + 16 - end))
    }

    private static func value(ofDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    /// The first 12 digits: how command lines print it, and what a container resolves as.
    public var short: String { String(rawValue.prefix(12)) }

    /// In the order of their text: a prefix comes before what is longer.
    public static func < (left: Self, right: Self) -> Bool {
        left.digits == right.digits ? left.count < right.count : left.digits < right.digits
    }

    public static func == (left: Self, right: Self) -> Bool { left.digits == right.digits && left.count == right.count }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(digits.0)
        hasher.combine(digits.1)
        hasher.combine(digits.2)
        hasher.combine(digits.3)
        hasher.combine(count)
    }

    public var description: String { rawValue }
}

public enum NetworkSubject: Sendable {}
public enum EndpointSubject: Sendable {}
public enum SandboxSubject: Sendable {}
public enum NodeSubject: Sendable {}
public enum RequestSubject: Sendable {}
public enum ReservationSubject: Sendable {}
public enum EngineNetworkSubject: Sendable {}

public typealias NetworkID = Identifier<NetworkSubject>
public typealias EndpointID = Identifier<EndpointSubject>
public typealias SandboxID = Identifier<SandboxSubject>
/// A node's identity: random, made once and kept on its disk; never its hostname (lesson 13).
public typealias NodeID = Identifier<NodeSubject>
public typealias RequestID = Identifier<RequestSubject>
public typealias ReservationID = Identifier<ReservationSubject>
/// What an engine calls a network. Each engine has its own id for the same network of the cluster, so it is no ``NetworkID``.
public typealias EngineNetworkID = Identifier<EngineNetworkSubject>
