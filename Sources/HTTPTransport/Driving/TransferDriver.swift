import Logging
import Synchronization

/// What the client's tasks and its driving thread share: the multi handle and an inbox of commands.
final class TransferDriver: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case cancel(Transfer)
        /// Takes up a transfer whose reader was behind.
        case resume(Transfer)
    }

    struct Inbox: Sendable {
        var commands: [Command] = []
        var isStopped = false
    }

    let multi: MultiHandle
    let tls: TLSFiles?
    let logger: Logger
    private let inbox = Mutex(Inbox())

    init(tls: TLSFiles?, logger: Logger) throws(HTTPError) {
        multi = try MultiHandle()
        self.tls = tls
        self.logger = logger
    }

    /// Starts the thread, which ends after ``stop()``.
    func startThread() throws(HTTPError) {
        try DriverThread.start {
            var loop = DriverLoop(self)
            loop.run()
        }
    }

    func start(_ transfer: Transfer) {
        if !post(.start(transfer)) { transfer.finish(Self.closed(transfer)) }
    }

    func cancel(_ transfer: Transfer) {
        transfer.markCancelled()
        _ = post(.cancel(transfer))
    }

    func resume(_ transfer: Transfer) {
        _ = post(.resume(transfer))
    }

    func stop() {
        inbox.withLock { $0.isStopped = true }
        multi.wakeUp()
    }

    /// Everything that was asked since the last time.
    func takeInbox() -> Inbox {
        inbox.withLock { inbox in
            defer { inbox.commands = [] }
            return inbox
        }
    }

    static func closed(_ transfer: Transfer) -> HTTPError {
        HTTPError(.cancelled, "the request to \(transfer.request.peer) was cancelled", mayHaveBeenSent: transfer.isIssued)
    }

    private func post(_ command: Command) -> Bool {
        let (isTaken, isFirst) = inbox.withLock { inbox in
            guard !inbox.isStopped else { return (false, false) }
            inbox.commands.append(command)
            return (true, inbox.commands.count == 1)
        }
        if isFirst { multi.wakeUp() }
        return isTaken
    }
}
