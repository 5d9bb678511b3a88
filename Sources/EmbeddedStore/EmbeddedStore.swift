public import ClusterStore
public import Logging

/// A store in a SQLite file: one process keeps it, and serves it to others by ``served``.
///
/// Keys are in memory as well as in the file; a write is answered, and told to watches, when it is on the disk. The history of changes
/// is in memory only: after a restart, a watch that is behind lists again.
public final class EmbeddedStore: RootedStore {
    public let root: StoreRoot
    public let clock: any Clock<Duration>
    private let engine: StoreEngine
    let journal: SQLiteJournal

    /// Opens a store, and makes it if there is none, with the folders above it.
    ///
    /// - Parameters:
    ///   - path: a file; `:memory:` is a store that ends with this object.
    ///   - root: what all keys are below, without slashes at its ends.
    ///   - clock: measures leases; it must not jump when the time of day is set.
    /// - Throws: ``StoreError/Code/unavailable`` if another process has it open; ``StoreError/Code/rejected`` if the file is none of
    ///   ours or a newer version has written it; ``StoreError/Code/denied`` if it may not be written.
    public init(path: String, root: String = "skein", clock: any Clock<Duration>, logger: Logger) throws(StoreError) {
        let file = StoreFile(path: path)
        journal = SQLiteJournal(try file.open(), file: file)
        let stored = try journal.load()
        engine = StoreEngine(
            location: file.location, identity: try journal.identity(), clock: clock, journal: journal, stored: stored)
        self.root = StoreRoot(root)
        self.clock = clock
        logger.info(
            "opened the embedded store",
            metadata: ["path": "\(path)", "revision": "\(stored.revision)", "keys": "\(stored.records.count)"])
    }

    /// The same store below another root.
    public init(_ other: EmbeddedStore, root: String) {
        engine = other.engine
        journal = other.journal
        self.root = StoreRoot(root)
        clock = other.clock
    }

    /// The same store below all roots: what is served to other hosts.
    public var served: any RawStore { engine }

    public var location: String { engine.location }

    /// Ends leases when their time has passed, until cancelled.
    /// - Throws: why the store can go on no longer: its file cannot be read any more.
    public func run() async throws {
        try await engine.run()
    }
}

extension EmbeddedStore: StoreMaintenance {
    public func size() async throws(StoreError) -> StoreSize {
        try await journal.onWriter { journal throws(StoreError) in try journal.size() }
    }

    public func findDamage() async throws(StoreError) -> [String] {
        try await journal.onWriter { journal throws(StoreError) in try journal.damage() }
    }

    public func backUp() async throws(StoreError) -> StoreCopy {
        try await journal.onWriter { journal throws(StoreError) in try journal.backUp() }
    }
}
