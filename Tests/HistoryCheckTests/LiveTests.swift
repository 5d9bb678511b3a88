import HistoryCheck
import TestSupport
import Testing

extension HistoryTests {
    /// Real stores, whose members die or are parted and whose links break while many clients allocate, claim, rename and release.
    @Suite struct LiveTests {
        @Test func `three members of an etcd die, hang and are parted, and no promise is broken, lesson 4`() async throws {
            try await run("etcd", on: try await EtcdRig(hosts: LiveHistory.hosts))
        }

        @Test func `the controller of an embedded store is killed, and no promise is broken, lesson 4`() async throws {
            try await run("embedded", on: try await EmbeddedRig(hosts: LiveHistory.hosts))
        }

        private func run(_ store: String, on rig: some HistoryRig) async throws {
            let (seed, duration) = (HistorySettings.seed, HistorySettings.duration)
            let live = try await LiveHistory(on: rig, seed: seed, lasting: duration)
            let violations = live.history.violations()
            print("history: \(store), seed \(seed), \(duration): \(live.history.summary), \(live.faults.count) faults")
            let file = violations.isEmpty ? "" : HistoryReport(live.history, violations).write(store, seed: seed)
            #expect(
                violations.isEmpty,
                """
                \(violations.count) violations, \(violations.first?.description ?? ""); the history is in \(file); \
                scripts/history --store \(store) --seed \(seed) --seconds \(duration.components.seconds) has the same schedule
                """)
            #expect(live.faults.count > 2)
            #expect(live.history.acknowledged > 100)
        }
    }
}

extension History {
    var acknowledged: Int { operations.count { if case .acknowledged = $0.outcome { true } else { false } } }
    var unknown: Int { operations.count { if case .unknown = $0.outcome { true } else { false } } }

    var summary: String {
        let unseen = steps.dropFirst().count { $0.isJump }
        return "\(operations.count) operations (\(acknowledged) acknowledged, \(unknown) unknown), \(steps.count) revisions"
            + (unseen > 0 ? ", \(unseen) gaps" : "")
    }
}
