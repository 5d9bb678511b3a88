public import ClusterStore

/// What a backend's tests supply: a store that is there for one rule, and what can be done to it from outside.
public protocol StoreBench: Sendable {
    /// The store below a root; several roots are in one and the same store. After a ``restart()`` it is asked for again.
    func store(root: String) async throws -> any ClusterStore

    /// Forgets the history of changes.
    /// - Returns: false if this backend cannot.
    func compact() async throws -> Bool

    /// Moves the store's clock on; a store on the real clock needs nothing.
    func pass(_ time: Duration) async throws

    /// Ends the store without a farewell, and starts it again on what it has kept.
    /// - Returns: false if this backend cannot.
    func restart() async throws -> Bool
}

extension StoreBench {
    public func compact() async throws -> Bool { false }
    public func pass(_ time: Duration) async throws {}
    public func restart() async throws -> Bool { false }
}
