import ClusterStore
import HTTPTransport
import Synchronization

/// The streams that are open on each endpoint. One that hangs keeps its connections and says nothing: when a call has found that out, its
/// streams are ended, so that their readers go on elsewhere.
final class OpenStreams: Sendable {
    private struct Entry {
        weak var stream: HTTPStream?
    }

    private let entries = Mutex<[EtcdEndpoint: [Entry]]>([:])

    func add(_ stream: HTTPStream, on endpoint: EtcdEndpoint) {
        entries.withLock { entries in
            entries[endpoint, default: []].removeAll { $0.stream == nil }
            entries[endpoint, default: []].append(Entry(stream: stream))
        }
    }

    func end(on endpoint: EtcdEndpoint) {
        let ended = entries.withLock { $0.removeValue(forKey: endpoint) } ?? []
        for entry in ended { entry.stream?.cancel() }
    }
}
