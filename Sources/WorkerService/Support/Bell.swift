/// Something that many may wait for and that happens time and again.
///
/// It belongs to an actor, which guards it; waiting is done on the stream, which ends with the next ring or when the task is cancelled.
struct Bell {
    private var waiters: [Int: AsyncStream<Never>.Continuation] = [:]
    private var last = 0

    /// - Returns: what to wait on, and what to hand in afterwards, since a ring may not have come.
    mutating func next() -> (stream: AsyncStream<Never>, ticket: Int) {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        last += 1
        waiters[last] = continuation
        return (stream, last)
    }

    mutating func forget(_ ticket: Int) { waiters[ticket] = nil }

    mutating func ring() {
        for waiter in waiters.values { waiter.finish() }
        waiters = [:]
    }
}
