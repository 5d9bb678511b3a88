import Synchronization

/// A count of transactions that lost a race and were decided anew.
public final class LostRaces: Sendable {
    private let counter = Atomic<Int>(0)

    init() {}

    public var count: Int { counter.load(ordering: .relaxed) }

    func add() { counter.add(1, ordering: .relaxed) }
}
