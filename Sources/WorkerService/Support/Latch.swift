/// Something that many may wait for and that happens once.
///
/// It belongs to an actor, which guards it; waiting is done on the stream, which ends when the latch opens or the task is cancelled.
struct Latch {
    private(set) var isOpen = false
    private var waiters: [AsyncStream<Never>.Continuation] = []

    mutating func open() {
        isOpen = true
        for waiter in waiters { waiter.finish() }
        waiters = []
    }

    /// A stream that ends when the latch opens: at once if it is open.
    mutating func opening() -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        if isOpen {
            continuation.finish()
        } else {
            waiters.append(continuation)
        }
        return stream
    }
}
