import ClusterStore
import HTTPTransport

/// Everything below one prefix, with the index to ask for changes after.
struct ConsulListing: Sendable {
    /// Consul's `X-Consul-Index`, at least 1.
    let index: UInt64
    let entries: [StoreEntry]
    /// Of the answer.
    let bytes: Int

    var revision: StoreRevision { StoreRevision(Int64(clamping: index)) }
}

extension ConsulStore {
    /// Reads everything below a prefix, as soon as it is newer than an index.
    ///
    /// - Parameters:
    ///   - index: 0 for at once.
    ///   - wait: how long Consul waits for something newer.
    func listing(below prefix: StoreKey, after index: UInt64 = 0, waiting wait: Duration = .zero) async throws(StoreError) -> ConsulListing
    {
        var parameters: [(name: String, value: String?)] = [("recurse", nil), ("consistent", nil)]
        if index > 0 {
            parameters += [("index", "\(index)"), ("wait", "\(max(1, wait.components.seconds))s")]
        }
        let call = ConsulCall(
            path: "kv/" + ConsulURL.path(of: root.name(of: prefix)), parameters: parameters,
            timeout: index > 0 ? limits.patience(for: wait) : limits.list, isWaiting: index > 0, answers: [404])
        let root = root
        let listing = try await caller.call(call) { response in
            guard response.headers["X-Consul-Results-Filtered-By-ACLs"] != "true" else { return ConsulListing?.none }
            guard let newest = response.headers["X-Consul-Index"].flatMap(UInt64.init) else {
                throw ConsulMisanswer("an answer without an X-Consul-Index")
            }
            let entries = response.status == 404 ? [] : try response.consul([ConsulEntry].self)
            // An index of 0 would make the next query return at once, for ever.
            return ConsulListing(index: max(1, newest), entries: root.entries(entries), bytes: response.body.count)
        }
        guard let listing else { throw refusal(.denied, "the token may not read all that is below \(prefix)") }
        return listing
    }
}
