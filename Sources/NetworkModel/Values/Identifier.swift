/// A random identifier in lower-case hexadecimal, as Docker writes them: 64 digits, or shortened to the first 12.
///
/// The phantom parameter keeps a network's id from being passed as an endpoint's.
public struct Identifier<Subject>: TextValue, Comparable {
    public let rawValue: String

    /// The length of a new identifier, in hexadecimal digits.
    public static var length: Int { 64 }

    /// - Throws: ``InvalidValue`` unless the text is 1 to 64 lower-case hexadecimal digits.
    public init(_ text: String) throws(InvalidValue) {
        guard (1...Self.length).contains(text.utf8.count), text.utf8.allSatisfy(Self.isDigit) else {
            throw InvalidValue("\"\(text)\" is not an identifier of up to 64 lower-case hexadecimal digits")
        }
        self.rawValue = text
    }

    /// A new identifier of 256 random bits.
    public init(random generator: inout some RandomNumberGenerator) {
        self.rawValue = (0..<4).map { _ in Self.hexadecimal(generator.next()) }.joined()
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The first 12 digits: how command lines print it, and what a container resolves as.
    public var short: String { String(rawValue.prefix(12)) }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
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
