public import ClusterStore
import Synchronization
import TestSupport

/// Follows a watch and keeps what it has told, as a consumer does. Dropping it ends the watch.
public final class Follower: Sendable {
    public struct View: Sendable {
        public var values: [String: String] = [:]
        public var revision = StoreRevision.zero
        public var snapshots = 0
        public var interruptions: [StoreError] = []
        /// How many events there were.
        public var events = 0

        mutating func take(_ event: WatchEvent) {
            events += 1
            switch event {
            case .snapshot(let snapshot):
                snapshots += 1
                values = snapshot.values
                revision = snapshot.revision
            case .changes(let changes, let revision):
                for change in changes { take(change) }
                self.revision = revision
            case .interrupted(let error): interruptions.append(error)
            }
        }

        private mutating func take(_ change: StoreChange) {
            switch change {
            case .put(let entry): values[entry.key.path] = String(decoding: entry.value, as: UTF8.self)
            case .deleted(let key): values[key.path] = nil
            }
        }
    }

    private let state: FollowedState
    private let task: Task<Void, Never>

    /// - Parameter look: sees what is kept after each event.
    public init(_ watch: StoreWatch, after look: @escaping @Sendable (View) -> Void = { _ in }) {
        let state = FollowedState()
        self.state = state
        task = Task {
            for await event in watch {
                look(
                    state.view.withLock { view in
                        view.take(event)
                        return view
                    })
            }
        }
    }

    deinit {
        task.cancel()
    }

    public var view: View { state.view.withLock { $0 } }

    /// Waits until what was told satisfies a condition.
    public func reaches(_ what: String, _ condition: (View) -> Bool) async throws {
        try await eventually(what) { condition(view) }
    }
}

private final class FollowedState: Sendable {
    let view = Mutex(Follower.View())
}

extension StoreSnapshot {
    /// Its values as texts, by their paths.
    public var values: [String: String] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.key.path, String(decoding: $0.value, as: UTF8.self)) })
    }
}
