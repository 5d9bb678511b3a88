/// Keys with their entries and the tombstones of those deleted, as Consul's state store has them, with the index that a list has.
struct KeyTable: Sendable {
    private var entries: [ConsulKey: ConsulEntry] = [:]
    /// In order.
    private var keys: [ConsulKey] = []
    private var tombstones: [ConsulKey: UInt64] = [:]
    /// The index of the last change to any key.
    private(set) var tableIndex: UInt64 = 0
    /// What a transaction has changed so far, with what was there before.
    private var undo: [(key: ConsulKey, before: ConsulEntry?, tombstone: UInt64?)] = []
    private var indexBefore: UInt64 = 0

    subscript(key: ConsulKey) -> ConsulEntry? { entries[key] }

    /// Everything below a prefix, with the highest index of its keys and tombstones; without any, the table's.
    func list(_ prefix: ConsulKey) -> (index: UInt64, keys: ArraySlice<ConsulKey>) {
        let found = range(of: prefix)
        guard !prefix.bytes.isEmpty else { return (tableIndex, found) }
        let highest = found.reduce(0) { max($0, entries[$1]?.modifyIndex ?? 0) }
        let buried = tombstones.reduce(0) { $1.key.hasPrefix(prefix) ? max($0, $1.value) : $0 }
        return (max(highest, buried) == 0 ? tableIndex : max(highest, buried), found)
    }

    /// The keys that a session holds.
    func keys(heldBy session: String) -> [ConsulKey] { keys.filter { entries[$0]?.session == session } }

    /// Consul's set: a write of what is there already changes no index.
    /// - Returns: the entry as it is now.
    mutating func set(_ key: ConsulKey, _ entry: ConsulEntry, at index: UInt64) -> ConsulEntry {
        var entry = entry
        let existing = entries[key]
        entry.createIndex = existing?.createIndex ?? index
        if let existing, existing.isSame(as: entry) { return existing }
        entry.modifyIndex = index
        note(key)
        if existing == nil { keys.insert(key, at: place(of: key)) }
        entries[key] = entry
        tombstones[key] = nil
        tableIndex = index
        return entry
    }

    mutating func delete(_ key: ConsulKey, at index: UInt64) {
        guard entries[key] != nil else { return }
        note(key)
        entries[key] = nil
        keys.remove(at: place(of: key))
        tombstones[key] = index
        tableIndex = index
    }

    mutating func deleteTree(_ prefix: ConsulKey, at index: UInt64) {
        for key in Array(range(of: prefix)) { delete(key, at: index) }
    }

    /// Consul forgets tombstones after a quarter of an hour: the index of a list may go back.
    mutating func reapTombstones() { tombstones = [:] }

    mutating func begin() {
        undo = []
        indexBefore = tableIndex
    }

    /// Takes back what was done since ``begin()``.
    mutating func rollBack() {
        for step in undo.reversed() {
            let isThere = entries[step.key] != nil
            if step.before == nil, isThere { keys.remove(at: place(of: step.key)) }
            if step.before != nil, !isThere { keys.insert(step.key, at: place(of: step.key)) }
            entries[step.key] = step.before
            tombstones[step.key] = step.tombstone
        }
        tableIndex = indexBefore
        undo = []
    }

    /// Gives every key an earlier index, as after a restore of another cluster's data.
    mutating func moveBack(by distance: UInt64) {
        func earlier(_ index: UInt64) -> UInt64 { index > distance ? index - distance : 1 }
        entries = entries.mapValues { entry in
            var entry = entry
            (entry.createIndex, entry.modifyIndex) = (earlier(entry.createIndex), earlier(entry.modifyIndex))
            return entry
        }
        tombstones = [:]
        tableIndex = earlier(tableIndex)
    }

    private mutating func note(_ key: ConsulKey) { undo.append((key, entries[key], tombstones[key])) }

    private func range(of prefix: ConsulKey) -> ArraySlice<ConsulKey> {
        let start = place(of: prefix)
        return keys[start...].prefix { $0.hasPrefix(prefix) }
    }

    /// Where a key is or would be.
    private func place(of key: ConsulKey) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
