/// Two dictionaries, what should be and what is, with the keys at which they differ kept at hand.
///
/// Setting a key on either side costs the same however many keys there are, and so does asking what is pending. Inlinable, since it is
/// called for each of very many entries from another module.
public struct DeltaTracker<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline var wish: Wish<Value> = .nothing
        @usableFromInline var actual: Value?

        @inlinable
        init() {}

        @inlinable var isInSync: Bool {
            switch wish {
            case .nothing: actual == nil
            case .anything: true
            case .value(let value): actual == value
            }
        }

        @inlinable var isEmpty: Bool { wish == .nothing && actual == nil }
    }

    @usableFromInline var entries: [Key: Entry] = [:]
    @usableFromInline var differing: Set<Key> = []

    @inlinable
    public init() {}

    /// The keys at which something is to be written or deleted.
    @inlinable public var pending: Set<Key> { differing }
    @inlinable public var isInSync: Bool { differing.isEmpty }

    @inlinable
    public func wish(for key: Key) -> Wish<Value> { entries[key]?.wish ?? .nothing }

    @inlinable
    public func actual(at key: Key) -> Value? { entries[key]?.actual }

    /// What is there, by key.
    @inlinable public var actual: [Key: Value] { entries.compactMapValues(\.actual) }
    /// What should be there, by key, without what may be anything.
    @inlinable public var desired: [Key: Value] {
        entries.compactMapValues { entry in if case .value(let value) = entry.wish { value } else { nil } }
    }

    /// The keys to be written, with their values.
    @inlinable public var updates: [(key: Key, value: Value)] { changes.updates }
    /// The keys to be deleted, with what is there.
    @inlinable public var deletions: [(key: Key, value: Value)] { changes.deletions }

    /// Both, in one go.
    @inlinable public var changes: (updates: [(key: Key, value: Value)], deletions: [(key: Key, value: Value)]) {
        var updates: [(key: Key, value: Value)] = []
        var deletions: [(key: Key, value: Value)] = []
        func take(_ key: Key, _ entry: Entry) {
            if case .value(let value) = entry.wish {
                updates.append((key, value))
            } else if let value = entry.actual {
                deletions.append((key, value))
            }
        }
        if isMostlyDiffering {
            updates.reserveCapacity(differing.count)
            for (key, entry) in entries where !entry.isInSync { take(key, entry) }
        } else {
            for key in differing { if let entry = entries[key] { take(key, entry) } }
        }
        return (updates, deletions)
    }

    // MARK: What should be

    @inlinable
    public mutating func setWish(_ wish: Wish<Value>, for key: Key) {
        change(key) { $0.wish = wish }
    }

    /// Replaces all wishes.
    @inlinable
    public mutating func setWishes(_ wishes: [Key: Wish<Value>]) {
        for (key, entry) in entries where entry.wish != .nothing && wishes[key] == nil { setWish(.nothing, for: key) }
        for (key, wish) in wishes { setWish(wish, for: key) }
    }

    // MARK: What is

    @inlinable
    public mutating func setActual(_ value: Value?, at key: Key) {
        change(key) { $0.actual = value }
    }

    /// Replaces all that is there, as after a dump.
    @inlinable
    public mutating func setActual(_ values: [Key: Value]) {
        for (key, entry) in entries where entry.actual != nil && values[key] == nil { setActual(nil, at: key) }
        for (key, value) in values { setActual(value, at: key) }
    }

    /// Takes what was pending as written.
    @inlinable
    public mutating func settle() {
        defer { differing = [] }
        guard isMostlyDiffering else {
            for key in differing {
                if case .value(let value) = entries[key]?.wish { entries[key]?.actual = value } else { entries[key] = nil }
            }
            return
        }
        var gone: [Key] = []
        var index = entries.startIndex
        while index != entries.endIndex {
            switch entries[index].value.wish {
            case .value(let value): entries.values[index].actual = value
            case .nothing: gone.append(entries[index].key)
            case .anything: break
            }
            entries.formIndex(after: &index)
        }
        for key in gone { entries[key] = nil }
    }

    /// Whether going through all is quicker than looking up each.
    @inlinable var isMostlyDiffering: Bool { differing.count > entries.count / 2 }

    @inlinable
    mutating func change(_ key: Key, _ body: (inout Entry) -> Void) {
        let (wasInSync, isInSync, isEmpty) = Self.change(&entries[key, default: Entry()], body)
        if isEmpty { entries[key] = nil }
        guard wasInSync != isInSync else { return }
        if isInSync { differing.remove(key) } else { differing.insert(key) }
    }

    @inlinable
    static func change(_ entry: inout Entry, _ body: (inout Entry) -> Void) -> (wasInSync: Bool, isInSync: Bool, isEmpty: Bool) {
        let wasInSync = entry.isInSync
        body(&entry)
        return (wasInSync, entry.isInSync, entry.isEmpty)
    }
}
