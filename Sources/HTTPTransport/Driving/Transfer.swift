import Synchronization

/// One request on its way: shared by the task that waits and the thread that drives.
final class Transfer: Sendable {
    private struct State {
        var head = HTTPHead()
        var headArrival: ContinuousClock.Instant?
        var isIssued = false
        var isCancelled = false
    }

    let request: HTTPRequest
    let receiver: any TransferReceiver
    private let state = Mutex(State())

    init(_ request: HTTPRequest, receiver: any TransferReceiver) {
        self.request = request
        self.receiver = receiver
    }

    /// Whether libcurl has begun to send the request.
    var isIssued: Bool { state.withLock { $0.isIssued } }
    /// Of the answer's head, 0 if there is none yet.
    var status: Int { state.withLock { $0.head.status } }
    /// When a whole head has arrived, nil if none has.
    var headArrival: ContinuousClock.Instant? { state.withLock { $0.headArrival } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func markCancelled() {
        state.withLock { $0.isCancelled = true }
    }

    /// libcurl is about to send the request on a connection.
    ///
    /// - Returns: false the second time: libcurl repeats a request by itself when a kept connection breaks without an answer, and
    ///   the peer may have carried it out.
    func issue() -> Bool {
        state.withLock { state in
            defer { state.isIssued = true }
            return !state.isIssued
        }
    }

    func receive(headerLine line: UnsafeRawBufferPointer) {
        let head: HTTPHead? = state.withLock { state in
            guard unsafe state.head.take(line: line) else { return nil }
            state.headArrival = state.headArrival ?? .now
            return state.head
        }
        if let head { receiver.receive(head: head) }
    }

    func finish(_ error: HTTPError?) {
        receiver.finish(error)
    }
}
