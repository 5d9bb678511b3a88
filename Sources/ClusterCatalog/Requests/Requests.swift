import ClusterStore
public import NetworkModel

/// The asking side: what another node is to do travels through the store.
extension ClusterCatalog {
    /// Asks a node to do something and waits for its answer, at most for the request's deadline.
    ///
    /// The request is held by a lease of its own, so that it goes with an asker that dies. A request that the node has not begun at
    /// the deadline is taken back, and is then never carried out.
    /// - Returns: the endpoint that the node names, if any.
    /// - Throws: ``CatalogError/Code/requestFailed`` with the node's own words and kind, or ``CatalogError/Code/notAnswered``, which
    ///   tells whether the node had begun.
    public func ask(_ request: RequestRecord) async throws(CatalogError) -> EndpointID? {
        let lease = try await grantLease(lasting: .seconds(request.deadlineSeconds + 10))
        let outcome: Result<EndpointID?, CatalogError>
        do {
            try await submit(request, under: lease)
            outcome = .success(try await answer(to: request))
        } catch {
            outcome = .failure(error)
        }
        // The lease's end deletes the request; if this fails, the lease expires by itself.
        try? await store.revoke(lease)
        return try outcome.get()
    }

    private func submit(_ request: RequestRecord, under lease: LeaseID) async throws(CatalogError) {
        let key = CatalogKeys.request(request.id, for: request.node)
        let node = CatalogKeys.node(request.node)
        let put = try RecordCoding.put(request, at: key, lease: lease)
        switch try await commit(StoreTransaction([.present(node), .absent(key)], then: [put])) {
        case .committed, .unknown: return
        case .conflict(let existing):
            guard existing[node] == nil else { throw CatalogError(.invalid, "request \(request.id) exists already") }
            throw CatalogError(.notAnswered, "node \(request.node.short) is not running: nothing was done")
        }
    }

    private func answer(to request: RequestRecord) async throws(CatalogError) -> EndpointID? {
        if let answer = await awaitAnswer(to: request) { return try answer.get() }
        let key = CatalogKeys.request(request.id, for: request.node)
        guard let last: CatalogEntry<RequestRecord> = try await entry(key) else { throw Self.notAnswered(request, hadBegun: false) }
        if let answer = last.record.answer { return try answer.get() }
        let withdrawal = StoreTransaction([.unchanged(key, since: last.revision)], then: [.delete(key)])
        if case .conflict(let existing) = try await commit(withdrawal), let entry = existing[key] {
            let record = try RecordCoding.decode(RequestRecord.self, from: entry)
            if let answer = record.answer { return try answer.get() }
            throw Self.notAnswered(request, hadBegun: true)
        }
        throw Self.notAnswered(request, hadBegun: last.record.state != .pending)
    }

    /// The answer, or nil when the deadline comes first.
    private func awaitAnswer(to request: RequestRecord) async -> Result<EndpointID?, CatalogError>? {
        let watch = store.watch(CatalogKeys.request(request.id, for: request.node))
        return await withTaskGroup(of: Result<EndpointID?, CatalogError>?.self) { group in
            group.addTask { await Self.firstAnswer(in: watch) }
            group.addTask {
                try? await clock.sleep(for: .seconds(request.deadlineSeconds))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private static func firstAnswer(in watch: StoreWatch) async -> Result<EndpointID?, CatalogError>? {
        for await event in watch {
            let entries: [StoreEntry] =
                switch event {
                case .snapshot(let snapshot): Array(snapshot.entries)
                case .changes(let changes, _): changes.compactMap { if case .put(let entry) = $0 { entry } else { nil } }
                case .interrupted: []
                }
            for entry in entries {
                guard let record = try? RecordCoding.decode(RequestRecord.self, from: entry), let answer = record.answer else { continue }
                return answer
            }
        }
        return nil
    }

    private static func notAnswered(_ request: RequestRecord, hadBegun: Bool) -> CatalogError {
        let what = hadBegun ? "it had begun, so look whether it was done" : "nothing was done"
        return CatalogError(.notAnswered, "node \(request.node.short) did not answer within \(request.deadlineSeconds) s: \(what)")
    }
}

extension RequestRecord {
    /// What the node answered, or nil before.
    var answer: Result<EndpointID?, CatalogError>? {
        switch state {
        case .pending, .claimed: nil
        case .done(let endpoint): .success(endpoint)
        case .failed(let kind, let message): .failure(CatalogError(.requestFailed, kind: kind, message))
        }
    }
}
