/// A key below the store's root: UTF-8 segments joined by `/`, such as `networks/4f…`.
///
/// A segment that comes from a user is escaped, so that a name with a slash cannot reach another key.
public struct StoreKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let path: String

    /// Takes a path as it is stored.
    public init(path: String) {
        self.path = path
    }

    /// Joins segments, percent-encoding what is not unreserved (RFC 3986 section 2.3) in each.
    public init(_ segments: String...) {
        var path = ""
        path.reserveCapacity(segments.reduce(segments.count) { $0 + $1.utf8.count })
        for (place, segment) in segments.enumerated() {
            if place > 0 { path += "/" }
            path += StoreKey.escape(segment)
        }
        self.path = path
    }

    /// The key as a prefix of its children: with a trailing slash.
    public var children: StoreKey { StoreKey(path: path.hasSuffix("/") || path.isEmpty ? path : path + "/") }

    public func hasPrefix(_ prefix: StoreKey) -> Bool {
        path.utf8.starts(with: prefix.path.utf8)
    }

    /// The segments, unescaped.
    public var segments: [String] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).map { StoreKey.unescape(Substring($0)) }
    }

    /// The last of the segments.
    public var lastSegment: String? {
        let path = path.utf8
        guard let last = path.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return nil }
        let start = path[..<last].lastIndex(of: UInt8(ascii: "/")).map(path.index(after:)) ?? path.startIndex
        return StoreKey.unescape(Substring(path[start...last]))
    }

    /// Prefixes in order, without those that another one covers: their entries one after the other are in order, and none comes twice.
    public static func disjoint(_ prefixes: [StoreKey]) -> [StoreKey] {
        var kept: [StoreKey] = []
        for prefix in prefixes.sorted() where kept.last.map({ !prefix.hasPrefix($0) }) ?? true { kept.append(prefix) }
        return kept
    }

    public static func < (left: StoreKey, right: StoreKey) -> Bool {
        left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
    }

    public var description: String { path }

    static func escape(_ segment: String) -> String {
        var segment = segment
        guard !segment.withUTF8({ $0.allSatisfy(isUnreserved) }) else { return segment }
        return segment.utf8.map { isUnreserved($0) ? String(UnicodeScalar($0)) : "%" + hexadecimal($0) }.joined()
    }

    static func unescape(_ segment: Substring) -> String {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        var bytes: [UInt8] = []
        var rest = segment.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3986's unreserved characters, and the colon of IPv6 addresses.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? unreserved.low : unreserved.high) >> UInt64(byte % 64) & 1 == 1
    }

    /// A bit for each of the 128 characters of ASCII.
    private static let unreserved: (low: UInt64, high: UInt64) = {
        let characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~:".utf8
        let bits = { (half: ClosedRange<UInt8>) in
            characters.filter(half.contains).reduce(UInt64(0)) { $0 | 1 << UInt64($1 % 64) }
        }
        return (bits(0...63), bits(64...127))
    }()

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
