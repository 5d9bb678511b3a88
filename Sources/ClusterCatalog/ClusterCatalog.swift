public import ClusterStore
public import Logging
public import NetworkModel

/// The records of one address space, and the transactions that change them.
///
/// It keeps nothing itself: any number of them, on any number of hosts, work on one store. Every write compares what it was decided
/// on; a lost race is decided anew and never reported.
public struct ClusterCatalog: Sendable {
    public let store: any ClusterStore
    /// `global` for the cluster's store; `local` for a store that one host keeps for itself.
    public let scope: NetworkScope
    let randomness: any Randomness
    let wallTime: any WallTime
    let clock: any Clock<Duration>
    let logger: Logger
    /// How many transactions lost a race and were decided anew.
    public let lostRaces = LostRaces()

    public init(
        store: any ClusterStore, scope: NetworkScope, randomness: any Randomness, wallTime: any WallTime, clock: any Clock<Duration>,
        logger: Logger
    ) {
        self.store = store
        self.scope = scope
        self.randomness = randomness
        self.wallTime = wallTime
        self.clock = clock
        self.logger = logger
    }

    /// Makes sure that the store holds a catalog of a format this version understands; an empty store becomes one.
    /// - Throws: ``CatalogError/Code/newerFormat`` if a newer version wrote it; ``CatalogError/Code/importing`` if only half of it is there.
    public func open() async throws(CatalogError) {
        let key = CatalogKeys.format
        let put = try RecordCoding.put(SkeinVersion.catalogFormat, at: key)
        var backoff = Backoff()
        while true {
            if let entry = try await get(key) { return try Self.checkFormat(entry) }
            if case .committed = try await commit(StoreTransaction([.absent(key)], then: [put])) { return }
            try await pause(&backoff, before: "open the catalog")
        }
    }

    static func checkFormat(_ entry: StoreEntry) throws(CatalogError) {
        if let mark = ImportMark(entry) { throw mark.error }
        let format = try RecordCoding.decode(Int.self, from: entry)
        guard format <= SkeinVersion.catalogFormat else {
            throw CatalogError(
                .newerFormat,
                "the catalog has format \(format) and this version understands up to \(SkeinVersion.catalogFormat): upgrade skein on this host"
            )
        }
    }
}
