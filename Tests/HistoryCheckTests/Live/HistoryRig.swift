import NetworkModel

/// A real store with things that can break.
protocol HistoryRig: Sendable {
    /// Where its members are, past all links.
    var ports: [UInt16] { get }
    /// Where a client finds them.
    func ports(for client: Int) -> [UInt16]
    /// Breaks something, and mends it after a while.
    /// - Returns: what was broken, for people.
    func breakSomething(_ randomness: any Randomness) async throws -> String
    /// Everything is whole again, and answers.
    func heal() async throws
}

extension HistoryRig {
    func draw(_ randomness: any Randomness, _ bound: Int) -> Int { Int(randomness.next() % UInt64(bound)) }
}
