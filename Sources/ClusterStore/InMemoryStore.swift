/// A store that lives as long as its process: for tests and simulations, and for a host that needs nothing else.
///
/// It does all that a store does, on a clock of the caller's choice.
public final class InMemoryStore: RootedStore {
    public let served: any RawStore
    public let root: StoreRoot
    public let clock: any Clock<Duration>
    private let engine: StoreEngine

    public init(clock: any Clock<Duration> = ContinuousClock()) {
        engine = StoreEngine(location: "memory", identity: 1, clock: clock)
        served = engine
        root = StoreRoot("skein")
        self.clock = clock
    }

    /// The same data below another root.
    public init(_ other: InMemoryStore, root: String) {
        engine = other.engine
        served = other.served
        self.root = StoreRoot(root)
        clock = other.clock
    }

    public var location: String { engine.location }

    /// Ends leases when their time has passed, until cancelled. Without it, that happens when the store is asked for something next.
    public func run() async throws {
        try await engine.run()
    }

    /// Forgets the history of changes, so that a watch which is behind has to list again.
    public func compact() async throws(StoreError) {
        _ = try await engine.compact(through: nil)
    }
}
