/// Where the parts of an answer go. The driving thread calls it, in this order: a head, pieces of the body, the end, once.
protocol TransferReceiver: AnyObject, Sendable {
    func receive(head: HTTPHead)
    /// - Returns: false to be given the same piece again after the transfer is resumed.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Hands over what has come to whoever waits for it: after each look at the connections, whether or not anything has come.
    func deliver()
    func finish(_ error: HTTPError?)
}
