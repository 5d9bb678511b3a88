import ClusterStore
import NetworkModel

/// Carries out what a ``WatchSession`` asks, one event at a time, in the task of whoever reads the watch.
actor WatchRunner {
    private let store: ConsulStore
    private let prefix: StoreKey
    private let backOff = BackOff()
    private var session = WatchSession()
    /// How long to leave Consul alone after an answer that was large.
    private var rest = Duration.zero

    init(of store: ConsulStore, below prefix: StoreKey) {
        self.store = store
        self.prefix = prefix
    }

    /// The next event; nil when the task is cancelled.
    func next() async -> WatchEvent? {
        while !Task.isCancelled {
            guard await pause() else { return nil }
            if let event = await ask(), !Task.isCancelled { return event }
        }
        return nil
    }

    private func pause() async -> Bool {
        let wait = max(session.takeOwedPause().map { backOff.wait(after: $0, store.randomness) } ?? .zero, rest)
        rest = .zero
        guard wait > .zero else { return true }
        return (try? await store.clock.sleep(for: wait)) != nil
    }

    private func ask() async -> WatchEvent? {
        let floor = store.revisionSeen
        do throws(StoreError) {
            let listing = try await store.listing(below: prefix, after: session.question, waiting: wait)
            rest = Self.rest(after: listing)
            let event = session.answered(listing, floor: floor)
            store.see(listing.revision)
            return event
        } catch {
            return session.failed(error)
        }
    }

    /// Three to five quarters of the usual wait, so that not all watches end at once.
    private var wait: Duration { store.limits.wait * 3 / 4 + store.limits.wait / 2 * Int(store.randomness.next() % 1024) / 1024 }

    /// Each change is answered with everything below the prefix. Where that is much, changes are gathered: half a mebibyte costs a
    /// thirtieth of a second, and nothing costs more than one.
    private static func rest(after listing: ConsulListing) -> Duration {
        let pages = listing.bytes >> 14
        return pages > 1 ? min(.seconds(1), .milliseconds(pages)) : .zero
    }
}
