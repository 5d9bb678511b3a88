/// Two dictionaries, what should be and what is, with the keys at which they differ kept at hand.
///
/// Setting a key on either side costs the same however many keys there are, and so does asking what is pending.
public struct DeltaTracker<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    private struct Entry {
        var wish: Wish<Value> = .nothing
        var actual: Value?

        var isInSync: Bool {
            switch wish {
            case .nothing: actual == nil
            case .anything: true
            case .value(let value): actual == value
            }
        }

        var isEmpty: Bool { wish == .nothing && actual == nil }
    }

    private var entries: [Key: Entry] = [:]
    /// The keys at which something is to be written or deleted.
    public private(set) var pending: Set<Key> = []

    public init() {}

    public var isInSync: Bool { pending.isEmpty }

    public func wish(for key: Key) -> Wish<Value> { entries[key]?.wish ?? .nothing }
    public func actual(at key: Key) -> Value? { entries[key]?.actual }

    /// What is there, by key.
    public var actual: [Key: Value] { entries.compactMapValues(\.actual) }
    /// What should be there, by key, without what may be anything.
    public var desired: [Key: Value] {
        entries.compactMapValues { entry in if case .value(let value) = entry.wish { value } else { nil } }
    }

    /// The keys to be written, with their values.
    public var updates: [(key: Key, value: Value)] {
        pending.compactMap { key in
            guard case .value(let value) = entries[key]?.wish else { return nil }
            return (key, value)
        }
    }

    /// The keys to be deleted, with what is there.
    public var deletions: [(key: Key, value: Value)] {
        pending.compactMap { key in
            guard let entry = entries[key], entry.wish == .nothing, let value = entry.actual else { return nil }
            return (key, value)
        }
    }

    // MARK: What should be

    public mutating func setWish(_ wish: Wish<Value>, for key: Key) {
        change(key) { $0.wish = wish }
    }

    /// Replaces all wishes.
    public mutating func setWishes(_ wishes: [Key: Wish<Value>]) {
        for (key, entry) in entries where entry.wish != .nothing && wishes[key] == nil { setWish(.nothing, for: key) }
        for (key, wish) in wishes { setWish(wish, for: key) }
    }

    // MARK: What is

    public mutating func setActual(_ value: Value?, at key: Key) {
        change(key) { $0.actual = value }
    }

    /// Replaces all that is there, as after a dump.
    public mutating func setActual(_ values: [Key: Value]) {
        for (key, entry) in entries where entry.actual != nil && values[key] == nil { setActual(nil, at: key) }
        for (key, value) in values { setActual(value, at: key) }
    }

    /// Takes what was pending as written.
    public mutating func settle() {
        for key in pending {
            guard let wish = entries[key]?.wish else { continue }
            switch wish {
            case .nothing: entries[key] = nil
            case .anything: break
            case .value(let value): entries[key]?.actual = value
            }
        }
        pending = []
    }

    private mutating func change(_ key: Key, _ body: (inout Entry) -> Void) {
        var entry = entries[key] ?? Entry()
        let wasInSync = entry.isInSync
        body(&entry)
        let isInSync = entry.isInSync
        entries[key] = entry.isEmpty ? nil : entry
        guard wasInSync != isInSync else { return }
        if isInSync { pending.remove(key) } else { pending.insert(key) }
    }
}
