/// Entries in the order of their keys, close together in memory; one is made when it is asked for.
///
/// There may be tens of thousands in a list. Each for itself would take half as much again, in two pieces of the heap.
public struct StoreEntries: RandomAccessCollection, Hashable, Sendable {
    /// Entries that were packed together, and what all of their keys begin with.
    private final class Block: Sendable {
        /// An entry's key without what all begin with, its value, and its lease, each beginning where the one before ends.
        struct Place {
            let key: Int
            let value: Int
            let lease: Int
            let created: StoreRevision
            let modified: StoreRevision
        }

        let prefix: [UInt8]
        let bytes: [UInt8]
        /// Where they end.
        let places: [Place]

        init(_ entries: [StoreEntry]) {
            let prefix = StoreEntries.commonPrefix(entries)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(
                entries.reduce(0) { $0 + $1.key.path.utf8.count - prefix.count + $1.value.count + ($1.lease?.rawValue.utf8.count ?? 0) })
            places = entries.map { entry in
                bytes += entry.key.path.utf8.dropFirst(prefix.count)
                let key = bytes.count
                bytes += entry.value
                let value = bytes.count
                bytes += (entry.lease?.rawValue ?? "").utf8
                return Place(key: key, value: value, lease: bytes.count, created: entry.created, modified: entry.modified)
            }
            (self.prefix, self.bytes) = (prefix, bytes)
        }

        subscript(_ index: Int) -> StoreEntry {
            let place = places[index]
            let start = index == 0 ? 0 : places[index - 1].lease
            let lease = bytes[place.value..<place.lease]
            return StoreEntry(
                key: StoreKey(path: path(start..<place.key)), value: Array(bytes[place.key..<place.value]), created: place.created,
                modified: place.modified, lease: lease.isEmpty ? nil : LeaseID(String(decoding: lease, as: UTF8.self)))
        }

        private func path(_ rest: Range<Int>) -> String {
            String(unsafeUninitializedCapacity: prefix.count + rest.count) { text in
                _ = text.update(fromContentsOf: prefix)
                _ = text[prefix.count...].update(fromContentsOf: bytes[rest])
                return prefix.count + rest.count
            }
        }
    }

    private var blocks: [Block] = []
    /// How many entries there are up to the end of each block.
    private var ends: [Int] = []

    public init() {}

    public init(_ entries: [StoreEntry]) {
        guard !entries.isEmpty else { return }
        blocks = [Block(entries)]
        ends = [entries.count]
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { ends.last ?? 0 }

    public subscript(position: Int) -> StoreEntry {
        var (low, high) = (0, blocks.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if position < ends[middle] { high = middle } else { low = middle + 1 }
        }
        return blocks[low][low == 0 ? position : position - ends[low - 1]]
    }

    /// Adds entries whose keys come after those that are here. They are not copied.
    public mutating func append(contentsOf others: StoreEntries) {
        let count = endIndex
        blocks += others.blocks
        ends += others.ends.map { $0 + count }
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

    public func hash(into hasher: inout Hasher) {
        for entry in self { hasher.combine(entry) }
    }

    /// What the first and the last key begin with, and in the order of keys all between them.
    private static func commonPrefix(_ entries: [StoreEntry]) -> [UInt8] {
        guard let first = entries.first?.key, let last = entries.last?.key else { return [] }
        let prefix = Array(zip(first.path.utf8, last.path.utf8).lazy.prefix { $0 == $1 }.map(\.0))
        let isShared = entries.allSatisfy { $0.key.path.utf8.starts(with: prefix) }
        return isShared ? prefix : []
    }
}

extension StoreEntries: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: StoreEntry...) {
        self.init(elements)
    }
}
