/// A key as a store keeps it: bytes, the root included. Keys are in the order of their bytes.
public struct RawKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    public init(_ text: String) {
        self.init(text.utf8)
    }

    public static func < (left: RawKey, right: RawKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// The keys from one on and below a bound.
public struct KeyRange: Hashable, Sendable {
    public let first: RawKey
    /// The first key that is no longer in the range; nil is no bound.
    public let bound: RawKey?

    public init(from first: RawKey, to bound: RawKey?) {
        self.first = first
        self.bound = bound
    }

    /// One key: its successor in the order of bytes is the key with a zero byte after it.
    public init(_ key: RawKey) {
        self.init(from: key, to: RawKey(key.bytes + [0]))
    }

    /// Every key that starts with the given bytes.
    public init(prefix: RawKey) {
        var bound = prefix.bytes
        while bound.last == .max { bound.removeLast() }
        if let last = bound.popLast() { bound.append(last + 1) }
        self.init(from: prefix, to: bound.isEmpty ? nil : RawKey(bound))
    }

    public func contains(_ key: RawKey) -> Bool {
        guard first <= key else { return false }
        guard let bound else { return true }
        return key < bound
    }
}
