/// The keys from `key` up to and without `end`, as etcd's requests name them.
///
/// An empty end means the one key; an end of one zero byte means every key from `key` on (etcd's `rpc.proto`).
public struct EtcdKeyRange: Hashable, Sendable {
    public let key: [UInt8]
    public let end: [UInt8]

    public init(key: [UInt8], end: [UInt8] = []) {
        self.key = key
        self.end = end
    }

    /// All keys that start with these bytes.
    public init(prefix: [UInt8]) {
        self.init(key: prefix.isEmpty ? [0] : prefix, end: EtcdKeyRange.end(ofPrefix: prefix))
    }

    /// The first key after all keys that start with these bytes: the last byte that can grow, grown.
    public static func end(ofPrefix prefix: [UInt8]) -> [UInt8] {
        guard let last = prefix.lastIndex(where: { $0 < 0xff }) else { return [0] }
        return Array(prefix[..<last]) + [prefix[last] + 1]
    }

    public var isOneKey: Bool { end.isEmpty }

    /// The part below a key and the part from it on; nil for one that is empty. Of a range, not of one key.
    public func cut(at middle: [UInt8]) -> (below: EtcdKeyRange?, from: EtcdKeyRange?) {
        guard key.lexicographicallyPrecedes(middle) else { return (nil, self) }
        guard end == [0] || middle.lexicographicallyPrecedes(end) else { return (self, nil) }
        return (EtcdKeyRange(key: key, end: middle), EtcdKeyRange(key: middle, end: end))
    }

    public func contains(_ other: [UInt8]) -> Bool {
        guard !isOneKey else { return other == key }
        guard !other.lexicographicallyPrecedes(key) else { return false }
        return end == [0] || other.lexicographicallyPrecedes(end)
    }
}
