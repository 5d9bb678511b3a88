public import Logging

/// An HTTP/1.1 client on libcurl's multi interface: one thread drives all transfers and keeps connections alive.
///
/// It never repeats a request, follows no redirection and uses no proxy of the environment.
public final class HTTPClient: Sendable {
    private let driver: TransferDriver

    /// - Throws: ``HTTPError/Code/notSent`` if libcurl or its thread cannot start.
    public init(tls: TLSFiles? = nil, logger: Logger) throws(HTTPError) {
        driver = try TransferDriver(tls: tls, logger: logger)
        try driver.startThread()
    }

    deinit {
        driver.stop()
    }

    /// Sends a request and waits for its whole answer, whatever its status. Cancelling the task cancels the transfer.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let receiver = ResponseReceiver()
        try await carryOut(Transfer(request, receiver: receiver)) { receiver.wait($0) }
        return receiver.response
    }

    /// Sends a request and waits for the head of its answer.
    public func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStream {
        let receiver = StreamReceiver()
        let transfer = Transfer(request, receiver: receiver)
        let head = try await carryOut(transfer) { receiver.waitForHead($0) }
        return HTTPStream(head: head, transfer: transfer, receiver: receiver, driver: driver, client: self)
    }

    private func carryOut<Value: Sendable>(
        _ transfer: Transfer, _ wait: (CheckedContinuation<Result<Value, HTTPError>, Never>) -> Void
    ) async throws(HTTPError) -> Value {
        if let flaw = transfer.request.flaw { throw HTTPError(.invalidRequest, flaw) }
        let driver = driver
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(continuation)
                driver.start(transfer)
            }
        } onCancel: {
            driver.cancel(transfer)
        }.get()
    }
}
