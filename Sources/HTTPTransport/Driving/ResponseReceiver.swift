import Synchronization

/// Gathers a whole answer for the task that waits for it.
final class ResponseReceiver: TransferReceiver {
    private struct State {
        var head = HTTPHead()
        var body: [UInt8] = []
        var waiter: CheckedContinuation<Result<Void, HTTPError>, Never>?
    }

    private let state = Mutex(State())
    /// What a wrong or hostile length in a head can make us reserve, in bytes.
    private static let reservation = 16 << 20

    func wait(_ waiter: CheckedContinuation<Result<Void, HTTPError>, Never>) {
        state.withLock { $0.waiter = waiter }
    }

    /// The answer, once the wait is over.
    var response: HTTPResponse {
        state.withLock { HTTPResponse(status: $0.head.status, headers: $0.head.headers, body: $0.body) }
    }

    func receive(head: HTTPHead) {
        state.withLock { state in
            state.head = head
            state.body.reserveCapacity(min(max(head.announcedLength ?? 0, 0), Self.reservation))
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { unsafe $0.body.append(contentsOf: bytes) }
        return true
    }

    /// An answer is handed over whole, when it has ended.
    func deliver() {}

    func finish(_ error: HTTPError?) {
        let waiter = state.withLock { $0.waiter.take() }
        waiter?.resume(returning: error.map { .failure($0) } ?? .success(()))
    }
}
