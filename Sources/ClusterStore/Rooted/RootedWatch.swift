/// A watch below a root: a list at a revision, then the raw store's changes from the next one on; a new list when some were missed.
actor RootedWatch {
    /// How long to wait before a store in this process that cannot be read is tried again.
    private static let pause = Duration.seconds(1)

    private let store: any RootedStore
    private let prefix: StoreKey
    private var changes: RawWatch?
    private var backlog: ArraySlice<WatchEvent> = []
    private var isInterrupted = false

    init(of store: any RootedStore, below prefix: StoreKey) {
        self.store = store
        self.prefix = prefix
    }

    func next() async -> WatchEvent? {
        while !Task.isCancelled {
            if let event = backlog.popFirst() { return event }
            guard let changes else {
                if let event = await list() { return event }
                continue
            }
            switch await changes.next() {
            case .changes(let news): backlog = Self.events(of: news, in: store.root)[...]
            case .compacted: self.changes = nil
            case nil: return nil
            }
        }
        return nil
    }

    private func list() async -> WatchEvent? {
        do throws(StoreError) {
            let snapshot = try await store.list(prefix)
            changes = store.served.watch(store.root.range(below: prefix), from: snapshot.revision.next)
            isInterrupted = false
            return .snapshot(snapshot)
        } catch {
            guard isInterrupted else {
                isInterrupted = true
                return .interrupted(error)
            }
            try? await store.clock.sleep(for: Self.pause)
            return nil
        }
    }

    /// One event a revision.
    private static func events(of changes: [RawChange], in root: StoreRoot) -> [WatchEvent] {
        var rest = changes[...]
        var events: [WatchEvent] = []
        while let revision = rest.first?.revision {
            let same = rest.prefix { $0.revision == revision }
            events.append(.changes(same.map(root.change), revision))
            rest = rest.dropFirst(same.count)
        }
        return events
    }
}
