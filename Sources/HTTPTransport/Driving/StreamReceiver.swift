import Synchronization

/// Keeps what has arrived of a streamed answer until its reader asks, up to a bound.
final class StreamReceiver: TransferReceiver {
    private struct State {
        var headWaiter: CheckedContinuation<Result<HTTPHead, HTTPError>, Never>?
        var bytes: [UInt8] = []
        var isPaused = false
        var end: Result<Void, HTTPError>?
        var waiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?

        /// What a reader is given now, or nil if it has to wait.
        mutating func take() -> Result<[UInt8]?, HTTPError>? {
            guard bytes.isEmpty else {
                defer { bytes = [] }
                return .success(bytes)
            }
            return end?.map { nil }
        }
    }

    private let state = Mutex(State())
    /// Bytes kept for a reader that is behind.
    private let bound: Int

    init(bound: Int = 256 << 10) {
        self.bound = bound
    }

    func waitForHead(_ waiter: CheckedContinuation<Result<HTTPHead, HTTPError>, Never>) {
        state.withLock { $0.headWaiter = waiter }
    }

    func receive(head: HTTPHead) {
        state.withLock { $0.headWaiter.take() }?.resume(returning: .success(head))
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            guard state.bytes.isEmpty || state.bytes.count + bytes.count <= bound else {
                state.isPaused = true
                return false
            }
            unsafe state.bytes.append(contentsOf: bytes)
            return true
        }
    }

    func deliver() {
        let (waiter, given) = state.withLock { state in
            guard state.waiter != nil, let given = state.take() else {
                return (CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?.none, Result<[UInt8]?, HTTPError>?.none)
            }
            return (state.waiter.take(), given)
        }
        if let given { waiter?.resume(returning: given) }
    }

    func finish(_ error: HTTPError?) {
        let end: Result<Void, HTTPError> = error.map { .failure($0) } ?? .success(())
        let headWaiter = state.withLock { state in
            state.end = state.end ?? end
            return state.headWaiter.take()
        }
        // An answer that ended without a head: libcurl says so as an error.
        headWaiter?.resume(returning: .failure(error ?? HTTPError(.broken, "the answer had no head")))
        deliver()
    }

    /// The next bytes, the end, or its reason.
    func next(resuming resume: () -> Void) async -> Result<[UInt8]?, HTTPError> {
        await withCheckedContinuation { continuation in
            let (given, earlier, wasPaused) = state.withLock { state in
                let given = state.take()
                let earlier = state.waiter
                state.waiter = given == nil ? continuation : nil
                return (given, earlier, state.isPaused.exchange(false))
            }
            // A second reader takes the first one's place.
            earlier?.resume(returning: .failure(HTTPError(.cancelled, "another reader has taken the stream")))
            if wasPaused { resume() }
            if let given { continuation.resume(returning: given) }
        }
    }
}

extension Bool {
    fileprivate mutating func exchange(_ value: Bool) -> Bool {
        defer { self = value }
        return self
    }
}
