/// A key as Consul keeps it: bytes, in a namespace.
struct ConsulKey: Hashable, Comparable, Sendable {
    let namespace: String
    let bytes: [UInt8]

    init(_ path: String, in namespace: String) {
        self.namespace = namespace
        bytes = Array(path.utf8)
    }

    var path: String { String(decoding: bytes, as: UTF8.self) }

    func hasPrefix(_ prefix: ConsulKey) -> Bool { namespace == prefix.namespace && bytes.starts(with: prefix.bytes) }

    static func < (left: ConsulKey, right: ConsulKey) -> Bool {
        left.namespace == right.namespace ? left.bytes.lexicographicallyPrecedes(right.bytes) : left.namespace < right.namespace
    }
}

/// What Consul keeps of a key.
struct ConsulEntry: Hashable, Sendable {
    var value: [UInt8]
    var flags: UInt64 = 0
    var session: String?
    var lockIndex: UInt64 = 0
    var createIndex: UInt64 = 0
    var modifyIndex: UInt64 = 0

    /// Whether a write of the other would change nothing: then Consul leaves the index as it is.
    func isSame(as other: ConsulEntry) -> Bool {
        value == other.value && flags == other.flags && session == other.session && lockIndex == other.lockIndex
    }
}
