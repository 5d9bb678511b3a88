import ClusterStore
import EtcdProtocol
import Hummingbird

extension StoreRoutes {
    func addWatch(to router: Router<some RequestContext>) {
        router.post(RouterPath(EtcdCall.watch.path)) { request, _ in
            try await watch(try await request.firstEtcdMessage(), request)
        }
    }

    /// One watch a stream: it ends when the client hangs up, or with the answer that changes were forgotten.
    private func watch(_ message: EtcdWatchRequest, _ http: Request) async throws -> Response {
        guard case .create(let request) = message else { throw EtcdErrorBody(.invalidArgument, "a stream begins with create_request") }
        guard !request.prevKV else { throw EtcdErrorBody(.unimplemented, "a watch does not tell what was there before") }
        let start = request.startRevision > 0 ? StoreRevision(request.startRevision) : nil
        let watch = store.watch(try KeyRange(request.range), from: start)
        let created = EtcdWatchResponse(header: try await header(), watchID: request.watchID, created: true)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await http.whileConnected {
                    try await writer.write(ByteBuffer(frame: created))
                    while let event = await watch.next() {
                        guard let answer = answer(to: request, event) else { continue }
                        try await writer.write(ByteBuffer(frame: answer))
                    }
                }
                try await writer.finish(nil)
            })
    }

    private func answer(to request: EtcdWatchCreateRequest, _ event: RawWatchEvent) -> EtcdWatchResponse? {
        switch event {
        case .changes(let changes):
            let events = changes.map(EtcdEvent.init).filter { !request.filters.contains($0.type == .put ? .noPut : .noDelete) }
            guard let last = changes.last, !events.isEmpty else { return nil }
            return EtcdWatchResponse(header: header(last.revision), watchID: request.watchID, events: events)
        case .compacted(let revision):
            // As etcd's, this head has no revision: it tells nothing of what the watch has seen.
            return EtcdWatchResponse(
                header: header(.zero), watchID: request.watchID, canceled: true, compactRevision: revision.next.rawValue)
        }
    }
}
