import ClusterStore
import Synchronization
import TestSupport
import Testing

/// A store below a fresh root, one below a root whose name begins the same, and short ways to use them.
struct StoreScene: Sendable {
    let bench: any StoreBench
    let store: any ClusterStore
    /// Another root in the same store.
    let neighbour: any ClusterStore
    private let root: String

    private static let count = Atomic(0)

    init(_ bench: any StoreBench) async throws {
        self.bench = bench
        root = "rule-\(Self.count.add(1, ordering: .relaxed).newValue)/skein"
        store = try await bench.store(root: root)
        neighbour = try await bench.store(root: root + "2")
    }

    /// The same store through another connection.
    func again() async throws -> any ClusterStore {
        try await bench.store(root: root)
    }

    @discardableResult
    func commit(_ compares: StoreCompare..., then operations: StoreOperation...) async throws -> StoreRevision {
        try await store.commit(StoreTransaction(compares, then: operations)).committed()
    }

    /// The keys that a transaction found in its way, with their entries.
    func conflict(_ compares: StoreCompare..., then operations: StoreOperation...) async throws -> [StoreKey: StoreEntry] {
        let outcome = try await store.commit(StoreTransaction(compares, then: operations))
        guard case .conflict(let existing) = outcome else {
            Issue.record("committed, and should have found a conflict")
            return [:]
        }
        return existing
    }

    @discardableResult
    func put(_ path: String, _ value: String = "", lease: LeaseID? = nil) async throws -> StoreRevision {
        try await commit(then: .put(key(path), bytes(value), lease: lease))
    }

    func text(_ path: String) async throws -> String? {
        try await store.get(key(path)).map { String(decoding: $0.value, as: UTF8.self) }
    }

    func paths(_ prefixes: String...) async throws -> [String] {
        try await store.list(prefixes.map { StoreKey(path: $0) }).entries.map(\.key.path)
    }

    /// The code of the error that an operation ends with.
    func refusal(_ operation: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }
}

func key(_ path: String) -> StoreKey { StoreKey(path: path) }
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension CommitOutcome {
    /// The revision of a transaction that must have been carried out.
    func committed(sourceLocation: SourceLocation = #_sourceLocation) throws -> StoreRevision {
        guard case .committed(let revision) = self else {
            throw DeadlinePassed(description: "the transaction met a conflict: \(self)")
        }
        return revision
    }
}

extension StoreChange {
    /// A short form for comparisons: `+key=value` or `-key`.
    var brief: String {
        switch self {
        case .put(let entry): "+\(entry.key)=\(String(decoding: entry.value, as: UTF8.self))"
        case .deleted(let key): "-\(key)"
        }
    }
}

extension AsyncStream<WatchEvent>.Iterator {
    /// The next snapshot, passing over an interruption.
    mutating func snapshot() async throws -> StoreSnapshot {
        while let event = await next(isolation: #isolation) {
            switch event {
            case .snapshot(let snapshot): return snapshot
            case .changes(let changes, _): #expect(changes.isEmpty, "changes came before a snapshot")
            case .interrupted: continue
            }
        }
        throw DeadlinePassed(description: "the watch ended before a snapshot")
    }

    /// The next event that tells of changes.
    mutating func news() async throws -> (changes: [StoreChange], revision: StoreRevision) {
        while let event = await next(isolation: #isolation) {
            switch event {
            case .snapshot(let snapshot): Issue.record("a second snapshot came: \(snapshot)")
            case .changes(let changes, let revision): if !changes.isEmpty { return (changes, revision) }
            case .interrupted: continue
            }
        }
        throw DeadlinePassed(description: "the watch ended before a change")
    }

    /// So many changes, however they are split into events.
    mutating func changes(_ count: Int) async throws -> [StoreChange] {
        var changes: [StoreChange] = []
        while changes.count < count { changes += try await news().changes }
        return changes
    }

    /// Reads on until what was told amounts to these entries; from an empty snapshot on.
    mutating func reach(_ entries: [StoreEntry]) async throws {
        var view = FollowedView()
        while view.entries.values.sorted(by: { $0.key < $1.key }) != entries {
            guard let event = await next(isolation: #isolation) else { throw DeadlinePassed(description: "the watch ended too early") }
            view.take(event)
        }
    }
}

/// What a watch has told, as a consumer keeps it.
struct FollowedView {
    private(set) var entries: [StoreKey: StoreEntry] = [:]
    private(set) var revision = StoreRevision.zero

    mutating func take(_ event: WatchEvent) {
        switch event {
        case .snapshot(let snapshot):
            entries = Dictionary(uniqueKeysWithValues: snapshot.entries.map { ($0.key, $0) })
            revision = snapshot.revision
        case .changes(let changes, let revision):
            for change in changes {
                if case .put(let entry) = change { entries[entry.key] = entry } else { entries[change.key] = nil }
            }
            self.revision = revision
        case .interrupted: break
        }
    }
}
