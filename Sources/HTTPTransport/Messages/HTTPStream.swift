/// An answer whose body is read as it comes. Dropping it, or cancelling the task that reads it, ends the transfer.
///
/// A reader that falls behind makes the connection wait: no more than a bounded number of bytes is kept for it.
public final class HTTPStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = HTTPError

    public let status: Int
    public let headers: HTTPHeaders
    private let transfer: Transfer
    private let receiver: StreamReceiver
    private let driver: TransferDriver
    /// A stream outlives the last other use of its client.
    private let client: HTTPClient

    init(head: HTTPHead, transfer: Transfer, receiver: StreamReceiver, driver: TransferDriver, client: HTTPClient) {
        status = head.status
        headers = head.headers
        self.transfer = transfer
        self.receiver = receiver
        self.driver = driver
        self.client = client
    }

    deinit {
        driver.cancel(transfer)
    }

    /// What has arrived and was not read yet, as soon as there is something; nil at the end of the body. One reader at a time.
    ///
    /// - Throws: what ended the transfer before the end of the body, after what arrived before it.
    public func next() async throws(HTTPError) -> [UInt8]? {
        let (receiver, driver, transfer) = (receiver, driver, transfer)
        return try await withTaskCancellationHandler {
            await receiver.next { driver.resume(transfer) }
        } onCancel: {
            driver.cancel(transfer)
        }.get()
    }

    /// Ends the transfer, and with it the wait of whoever reads.
    public func cancel() {
        driver.cancel(transfer)
    }

    /// The rest of the body.
    public func collect() async throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        while let chunk = try await next() { body += chunk }
        return body
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: HTTPStream

        public mutating func next() async throws(HTTPError) -> [UInt8]? { try await stream.next() }

        public mutating func next(isolation: isolated (any Actor)?) async throws(HTTPError) -> [UInt8]? { try await stream.next() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}
