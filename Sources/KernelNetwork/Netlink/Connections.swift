import Synchronization

/// The connections to namespaces, kept while their namespaces live: only the first use of a namespace needs a thread.
final class Connections: Sendable {
    /// How many are kept; the least recently used one goes.
    private static let limit = 256

    private struct Entry {
        let identity: NamespaceIdentity
        let connection: Connection
        var lastUse: Int
    }

    private struct State {
        var entries: [KernelNamespace: Entry] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    /// The connection to a namespace as it is now: one of that name that was deleted and made again is another.
    ///
    /// Connections by path are not kept: they would keep a container's namespace alive that its engine has deleted.
    func connection(to place: KernelNamespace) throws(KernelError) -> Connection {
        let place = place.canonical
        let identity: NamespaceIdentity
        do throws(KernelError) {
            identity = try NamespaceIdentity(of: place)
        } catch {
            drop(place)
            throw error
        }
        if let kept = kept(place, identity) { return kept }
        let connection = try NamespaceThread.run(in: place) { () throws(KernelError) in try Connection(openedIn: place) }
        keep(connection, as: identity)
        return connection
    }

    private func kept(_ place: KernelNamespace, _ identity: NamespaceIdentity) -> Connection? {
        state.withLock { state in
            guard let entry = state.entries[place] else { return nil }
            guard entry.identity == identity else {
                state.entries[place] = nil
                return nil
            }
            state.uses += 1
            state.entries[place]?.lastUse = state.uses
            return entry.connection
        }
    }

    /// Keeps a connection that was made together with its namespace.
    func keep(_ connection: Connection) {
        guard let identity = try? NamespaceIdentity(of: connection.place) else { return }
        keep(connection, as: identity)
    }

    private func keep(_ connection: Connection, as identity: NamespaceIdentity) {
        if case .path = connection.place { return }
        state.withLock { state in
            state.uses += 1
            state.entries[connection.place] = Entry(identity: identity, connection: connection, lastUse: state.uses)
            guard state.entries.count > Self.limit else { return }
            let oldest = state.entries.min { $0.value.lastUse < $1.value.lastUse }
            if let oldest { state.entries[oldest.key] = nil }
        }
    }

    /// Forgets a namespace that is not there any more, if it is one that is kept.
    func dropIfChanged(_ place: KernelNamespace) {
        let identity = try? NamespaceIdentity(of: place)
        state.withLock { state in
            if state.entries[place]?.identity != identity { state.entries[place] = nil }
        }
    }

    /// Forgets a namespace that is deleted, which our own socket would keep alive.
    func drop(_ place: KernelNamespace) {
        state.withLock { $0.entries[place.canonical] = nil }
    }
}
