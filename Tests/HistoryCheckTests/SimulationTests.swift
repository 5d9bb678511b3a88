import HistoryCheck
import NetworkModel
import TestSupport
import Testing

extension HistoryTests {
    @Suite struct SimulationTests {
        @Test func `no seed of many breaks a promise, lesson 4`() async throws {
            let first = HistorySettings.seed
            print("history: simulated, seeds \(first) to \(first &+ HistorySettings.simulations &- 1)")
            await withTaskGroup { group in
                for seed in (0..<HistorySettings.simulations).map({ first &+ $0 }) {
                    group.addTask { Self.run(seed: seed) }
                }
            }
        }

        /// Writes that come late are of every other seed: where there are none, an error must say whether its claim may have been made.
        private static func run(seed: UInt64) {
            do {
                let history = try SimulatedHistory(seed: seed, writesComeLate: seed % 2 == 1).history
                let violations = history.violations()
                guard let first = violations.first else { return }
                let file = HistoryReport(history, violations).write("simulated", seed: seed)
                Issue.record(
                    "seed \(seed), \(violations.count) violations, \(first) (scripts/history --store simulated --seed \(seed); \(file))")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }

        @Test(arguments: [1, 2, 3, 4] as [UInt64])
        func `a seed repeats its history to the last revision`(seed: UInt64) throws {
            let histories = try (0..<2).map { _ in try SimulatedHistory(seed: seed, writesComeLate: seed % 2 == 1).history }
            let texts = histories.map { HistoryReport($0, []).text }
            #expect(texts[0] == texts[1])
        }

        @Test func `much is claimed, raced for and released`() throws {
            let history = try SimulatedHistory(seed: 2, steps: 200, writesComeLate: false).history
            let acknowledged = history.operations.filter { if case .acknowledged = $0.outcome { true } else { false } }
            let unknown = history.operations.filter { if case .unknown = $0.outcome { true } else { false } }
            #expect(acknowledged.count > 200)
            #expect(!unknown.isEmpty)
            for verb in ["attach", "detach", "reserve", "release", "rename", "create", "remove", "take back", "reap"] {
                #expect(history.operations.contains { $0.what.hasPrefix(verb) }, "\(verb)")
            }
        }
    }
}
