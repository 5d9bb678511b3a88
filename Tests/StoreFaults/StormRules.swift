import ClusterStore
import FaultProxy
import StoreConformance
import TestSupport
import Testing

extension FaultRule {
    /// Many faults, by a seed.
    static let storms: [FaultRule] = [UInt64(1), 2, 3].map { seed in
        FaultRule("counters that are raised through faults lose and double nothing, seed \(seed)") { scene in
            let randomness = SeededRandomness(seed: seed)
            let faults = scene.cases.filter { !$0.isSilent }.map(\.fault).filter { $0 != FaultCase.swallowing }
            let counters = (0..<3).map { StoreKey(path: "c/\($0)") }
            let follower = Follower(try scene.store().watch(StoreKey(path: "c/")))
            scene.proxy.inject(oneOf: faults, every: 5, randomness)
            let raised = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<4 {
                    group.addTask { try await raise(counters, by: try scene.store(), named: "\(writer)", rounds: 12) }
                }
                return try await group.reduce(0, +)
            }
            scene.proxy.heal()
            let total = try await scene.truth.list(StoreKey(path: "c/")).entries.reduce(0) { $0 + Tally($1.text).number }
            #expect(total == raised)
            let last = try await scene.put("c/end")
            try await follower.reaches("the end") { $0.revision >= last }
            #expect(try await scene.truth.list(StoreKey(path: "c/")).values == follower.view.values)
        }
    }

    /// Raises each counter so often, by compare-and-swap; what may have been done is looked up before it is done again.
    private static func raise(_ counters: [StoreKey], by store: any ClusterStore, named name: String, rounds: Int) async throws -> Int {
        for round in 0..<rounds {
            for counter in counters {
                let token = "\(name)-\(round)"
                try await eventually("\(token) is done") {
                    guard let found = try? await store.get(counter).map({ ($0, Tally($0.text)) }) else {
                        return try await attempt(.absent(counter), Tally(number: 1, tokens: [token]), of: counter, by: store)
                    }
                    // One of several that were done is ours, though its answer was lost.
                    guard !found.1.tokens.contains(token) else { return true }
                    let raised = Tally(number: found.1.number + 1, tokens: found.1.tokens + [token])
                    return try await attempt(.unchanged(counter, since: found.0.modified), raised, of: counter, by: store)
                }
            }
        }
        return rounds * counters.count
    }

    private static func attempt(
        _ compare: StoreCompare, _ tally: Tally, of counter: StoreKey, by store: any ClusterStore
    ) async throws -> Bool {
        do throws(StoreError) {
            let transaction = StoreTransaction([compare], then: [.put(counter, Array(tally.text.utf8))])
            if case .committed = try await store.commit(transaction) { return true }
            return false
        } catch {
            #expect([.unavailable, .outcomeUnknown, .malformedAnswer].contains(error.code))
            return false
        }
    }
}

/// A counter, and who has raised it.
private struct Tally {
    var number: Int
    var tokens: [String]

    init(number: Int, tokens: [String]) {
        (self.number, self.tokens) = (number, tokens)
    }

    init(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        number = words.first.flatMap { Int($0) } ?? 0
        tokens = Array(words.dropFirst())
    }

    var text: String { ([String(number)] + tokens).joined(separator: " ") }
}
