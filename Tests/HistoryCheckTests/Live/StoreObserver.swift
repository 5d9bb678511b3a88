import ClusterStore
import EtcdProtocol
import HTTPTransport
import HistoryCheck
import Logging
import Synchronization
import TestSupport

/// Follows a store's whole history, revision by revision, past the links of the clients.
///
/// It does not use the client that is under test: what that makes of a stream is not what the store said.
final class StoreObserver: Sendable {
    private struct State {
        var chronicle = StoreChronicle()
        var reached: Int64 = 0
        var mustList = true
        var problem: (any Error)?
    }

    private let ports: [UInt16]
    private let http: HTTPClient
    private let state = Mutex(State())
    private static let root = "skein/"
    private static let range = EtcdKeyRange(prefix: Array(root.utf8))

    init(ports: [UInt16]) throws {
        self.ports = ports
        http = try HTTPClient(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    var steps: [StoreStep] { state.withLock { $0.chronicle.steps } }

    /// Follows until cancelled; a member that does not answer is followed by the next.
    func run() async {
        var turn = 0
        while !Task.isCancelled {
            try? await follow(ports[turn % ports.count])
            turn += 1
            try? await ContinuousClock().sleep(for: .milliseconds(20))
        }
    }

    /// Waits until everything up to a revision was seen.
    func reach(_ revision: StoreRevision) async throws {
        try await eventually("revision \(revision) is seen", within: .seconds(60)) {
            if let problem = state.withLock({ $0.problem }) { throw problem }
            return state.withLock { $0.reached >= revision.rawValue }
        }
    }

    private func follow(_ port: UInt16) async throws {
        if state.withLock({ $0.mustList }) { try await list(port) }
        let start = state.withLock { $0.reached + 1 }
        let stream = try await http.stream(
            request(
                .watch,
                EtcdWatchRequest.create(EtcdWatchCreateRequest(key: Self.range.key, rangeEnd: Self.range.end, startRevision: start)), port))
        var lines = EtcdLines()
        while let chunk = try await stream.next() {
            lines.append(chunk)
            while let line = lines.next() {
                guard case .result(let response) = try EtcdJSON.decode(EtcdStreamFrame<EtcdWatchResponse>.self, from: line) else { return }
                guard try take(response) else { return }
            }
        }
    }

    private func list(_ port: UInt16) async throws {
        let answer = try await http.send(request(.range, EtcdRangeRequest(Self.range), port))
        let response = try EtcdJSON.decode(EtcdRangeResponse.self, from: answer.body)
        guard answer.status == 200, response.header.revision > 0 else { return }
        let entries = response.kvs.map { kv in
            StoreEntry(key: Self.key(kv.key), value: kv.value, created: .zero, modified: StoreRevision(kv.modRevision))
        }
        note { state in
            try state.chronicle.jump(to: StoreSnapshot(revision: StoreRevision(response.header.revision), entries: entries))
            (state.reached, state.mustList) = (response.header.revision, false)
        }
    }

    /// - Returns: whether the watch goes on.
    private func take(_ response: EtcdWatchResponse) throws -> Bool {
        guard !response.canceled else {
            if response.compactRevision > 0 { state.withLock { $0.mustList = true } }
            return false
        }
        let revisions = Dictionary(grouping: response.events, by: \.kv.modRevision).sorted { $0.key < $1.key }
        note { state in
            for (revision, events) in revisions where revision > state.reached {
                let changes = events.map { KeyChange(key: Self.key($0.kv.key), value: $0.type == .put ? $0.kv.value : nil) }
                try state.chronicle.take(changes, at: revision)
                state.reached = revision
            }
        }
        return true
    }

    /// A value that is not what its key says is a failure of its own.
    private func note(_ body: (inout State) throws -> Void) {
        state.withLock { state in
            do { try body(&state) } catch { state.problem = error }
        }
    }

    private static func key(_ bytes: [UInt8]) -> StoreKey {
        StoreKey(path: String(decoding: bytes.dropFirst(root.utf8.count), as: UTF8.self))
    }

    private func request(_ call: EtcdCall, _ message: some Encodable, _ port: UInt16) throws -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: "http://127.0.0.1:\(port)\(call.path)", headers: ["Content-Type": "application/json"],
            body: try EtcdJSON.encode(message), headTimeout: .seconds(5))
    }
}
