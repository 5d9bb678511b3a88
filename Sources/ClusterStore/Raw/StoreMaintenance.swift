/// What is done to a store as a whole, by whoever looks after it.
public protocol StoreMaintenance: Sendable {
    /// How large the store is now.
    func size() async throws(StoreError) -> StoreSize

    /// Looks for damage: a sentence for each, none if all is well. It may take as long as reading the store does.
    func findDamage() async throws(StoreError) -> [String]

    /// A copy of the whole store at one revision, in the store's own form.
    func backUp() async throws(StoreError) -> StoreCopy
}

/// How large a store is on its disk.
public struct StoreSize: Hashable, Sendable {
    /// Bytes of its files.
    public let bytes: Int64
    /// The bytes of them that hold something.
    public let used: Int64

    public init(bytes: Int64, used: Int64) {
        self.bytes = bytes
        self.used = used
    }
}

/// The bytes of a copy, piece by piece. One reader.
public final class StoreCopy: Sendable {
    /// Bytes in all; nil if that is not known beforehand.
    public let size: Int64?
    private let read: @Sendable () async throws(StoreError) -> [UInt8]?

    /// - Parameter read: gives the next piece, which is never empty, or nil after the last one.
    public init(size: Int64? = nil, _ read: @escaping @Sendable () async throws(StoreError) -> [UInt8]?) {
        self.size = size
        self.read = read
    }

    /// The next piece; nil when the copy is whole.
    public func next() async throws(StoreError) -> [UInt8]? {
        try await read()
    }
}
