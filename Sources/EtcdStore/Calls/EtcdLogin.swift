import ClusterStore
import HTTPTransport
import Synchronization

/// The token that tells etcd who we are. One task at a time asks for a new one, since etcd takes a tenth of a second to check a password;
/// the others wait for what it gets.
final class EtcdLogin: Sendable {
    typealias Outcome = Result<String?, EtcdFailure>

    private enum State {
        case unknown
        /// A token, or nil from a store that asks nobody who he is.
        case known(String?)
        case asking([CheckedContinuation<Outcome?, Never>])
    }

    private enum Turn {
        case take(String?)
        case ask
        case wait
    }

    let credentials: Credentials
    private let state = Mutex(State.unknown)

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    /// The token to send, which is asked for if there is none; nil if the store wants none.
    func token(_ ask: () async throws(EtcdFailure) -> String?) async throws(EtcdFailure) -> String? {
        while true {
            switch turn() {
            case .take(let token): return token
            case .ask: return try await asked(ask).get()
            case .wait:
                if let outcome = await nextOutcome() { return try outcome.get() }
            }
        }
    }

    /// Forgets a token that was not accepted, unless there is another one already.
    func forget(_ token: String?) {
        state.withLock { state in
            if case .known(token) = state { state = .unknown }
        }
    }

    private func turn() -> Turn {
        state.withLock { state in
            switch state {
            case .known(let token): return .take(token)
            case .asking: return .wait
            case .unknown:
                state = .asking([])
                return .ask
            }
        }
    }

    private func asked(_ ask: () async throws(EtcdFailure) -> String?) async -> Outcome {
        let outcome: Outcome
        do throws(EtcdFailure) {
            outcome = .success(try await ask())
        } catch {
            outcome = .failure(error)
        }
        let next: State = if case .success(let token) = outcome { .known(token) } else { .unknown }
        let waiting: [CheckedContinuation<Outcome?, Never>] = state.withLock { state in
            defer { state = next }
            guard case .asking(let waiting) = state else { return [] }
            return waiting
        }
        // A task that was cancelled has found out nothing: the next one asks.
        let told = Task.isCancelled ? nil : outcome
        for waiter in waiting { waiter.resume(returning: told) }
        return outcome
    }

    /// What the task that asks has got; nil to look again.
    private func nextOutcome() async -> Outcome? {
        await withCheckedContinuation { waiter in
            let isLate = state.withLock { state in
                guard case .asking(let waiting) = state else { return true }
                state = .asking(waiting + [waiter])
                return false
            }
            if isLate { waiter.resume(returning: nil) }
        }
    }
}
