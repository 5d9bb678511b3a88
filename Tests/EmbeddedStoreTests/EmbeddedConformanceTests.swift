import ClusterStore
import EmbeddedStore
import Logging
import StoreConformance
import Synchronization
import TestSupport
import Testing

@Suite struct EmbeddedConformanceTests {
    private final class Bench: StoreBench {
        private let clock = ManualClock()
        private let folder: TemporaryFolder
        private let opened: Mutex<(store: EmbeddedStore, life: Int)>

        init() throws {
            folder = try TemporaryFolder()
            opened = Mutex((try open(folder.file("0.sqlite"), clock: clock), 0))
        }

        func store(root: String) -> any ClusterStore {
            opened.withLock { EmbeddedStore($0.store, root: root) }
        }

        func compact() async throws -> Bool {
            try await opened.withLock(\.store).served.compact(through: nil) == .done
        }

        func pass(_ time: Duration) async throws {
            clock.advance(by: time)
            _ = try await opened.withLock(\.store).list([])
        }

        func restart() async throws -> Bool {
            try opened.withLock { opened in
                try folder.copyDatabase("\(opened.life).sqlite", to: "\(opened.life + 1).sqlite")
                opened.life += 1
                opened.store = try open(folder.file("\(opened.life).sqlite"), clock: clock)
            }
            return true
        }
    }

    @Test(arguments: StoreRule.all)
    func `the embedded store keeps the rule`(rule: StoreRule) async throws {
        try await rule.check(on: Bench())
    }
}

/// A store that says nothing.
func open(_ path: String, clock: any Clock<Duration> = ContinuousClock()) throws(StoreError) -> EmbeddedStore {
    try EmbeddedStore(path: path, clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}
