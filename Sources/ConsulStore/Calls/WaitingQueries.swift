import ClusterStore
import HTTPTransport
import Synchronization

/// The blocking queries under way, by their agents: an agent that is left takes none of them along, since one that hangs would be silent to
/// the end of their wait.
final class WaitingQueries: Sendable {
    private struct State: Sendable {
        var waiting: [ServerEndpoint: [Int: AsyncStream<Never>.Continuation]] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Ends those at an agent.
    func end(at endpoint: ServerEndpoint) {
        let ended = state.withLock { $0.waiting.removeValue(forKey: endpoint) }
        for query in (ended ?? [:]).values { query.finish() }
    }

    /// Waits for an answer as long as its agent is not left.
    func wait(
        at endpoint: ServerEndpoint, for answer: @escaping @Sendable () async throws(HTTPError) -> HTTPResponse
    ) async throws(HTTPError) -> HTTPResponse {
        let (leaving, query) = AsyncStream<Never>.makeStream()
        let id = state.withLock { state in
            state.last += 1
            state.waiting[endpoint, default: [:]][state.last] = query
            return state.last
        }
        defer { state.withLock { $0.waiting[endpoint]?[id] = nil } }
        let outcome = await withTaskGroup(of: Result<HTTPResponse, HTTPError>?.self) { group in
            group.addTask {
                do throws(HTTPError) {
                    return .success(try await answer())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                for await _ in leaving {}
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard let outcome else {
            throw HTTPError(.broken, "\(endpoint) was left for another while a query waited at it")
        }
        return try outcome.get()
    }
}
