import Logging

/// The driving thread's work: takes commands, lets libcurl perform, and hands over what has ended.
struct DriverLoop: ~Copyable {
    private let driver: TransferDriver
    private var active: [EasyHandle.ID: ActiveTransfer] = [:]
    /// How long the thread sleeps when nothing is due; a command wakes it.
    private static let idle: Duration = .seconds(60)
    /// And while an answer may become overdue: who sleeps longer than he meant to knows that he missed something.
    private static let nap: Duration = .milliseconds(100)
    /// When the thread last began to take what there is, and when it would do so again at the latest.
    private var round = (begin: ContinuousClock.now, next: ContinuousClock.now + Self.idle)

    init(_ driver: TransferDriver) {
        self.driver = driver
    }

    mutating func run() {
        while true {
            beginRound()
            let inbox = driver.takeInbox()
            for command in inbox.commands { carryOut(command) }
            guard !inbox.isStopped else { break }
            driver.multi.perform()
            while let (id, code) = driver.multi.nextEnded() { end(id, code) }
            // Answers first: of what a store tells its watchers of a write, its writer wants to hear last.
            for transfer in active.values { transfer.transfer.receiver.deliver() }
            driver.multi.poll(for: endOverdue())
        }
        for transfer in active.values { abandon(transfer) }
    }

    private mutating func carryOut(_ command: TransferDriver.Command) {
        switch command {
        case .start(let transfer): start(transfer)
        case .cancel(let transfer):
            if let found = active.values.first(where: { $0.transfer === transfer }) { abandon(found) }
        case .resume(let transfer):
            active.values.first { $0.transfer === transfer }?.handle.resume()
        }
    }

    private mutating func start(_ transfer: Transfer) {
        guard !transfer.isCancelled else { return transfer.finish(TransferDriver.closed(transfer)) }
        do throws(HTTPError) {
            let started = try ActiveTransfer(transfer, tls: driver.tls)
            try driver.multi.add(started.handle)
            active[started.handle.id] = started
        } catch {
            transfer.finish(error)
        }
    }

    private mutating func end(_ id: EasyHandle.ID, _ code: CurlCode) {
        guard let ended = active.removeValue(forKey: id) else { return }
        driver.multi.remove(ended.handle)
        let error = ended.verdict(code)
        if error == nil { vouch(ended) }
        if let error { driver.logger.debug("a transfer has failed", metadata: ["cause": "\(error)"]) }
        ended.transfer.finish(error)
    }

    /// A server that answers one may be at work on those that wait.
    private func vouch(_ answered: ActiveTransfer) {
        let now = ContinuousClock.now
        for waiting in active.values { waiting.hear(of: answered, at: now) }
    }

    private mutating func abandon(_ transfer: ActiveTransfer, because error: HTTPError? = nil) {
        active[transfer.handle.id] = nil
        driver.multi.remove(transfer.handle)
        transfer.transfer.finish(error ?? TransferDriver.closed(transfer.transfer))
    }

    /// A thread that stood still does not count the time against answers: what came meanwhile is read first, and a server on the same machine
    /// may have stood still with it.
    private mutating func beginRound() {
        round.begin = .now
        guard round.begin - round.next > Self.nap else { return }
        for transfer in active.values { transfer.excuse(round.next..<round.begin) }
    }

    /// Ends the transfers whose answer was overdue when the thread last looked for answers.
    ///
    /// - Returns: how long until it shall look again.
    private mutating func endOverdue() -> Duration {
        var wait = Self.idle
        for transfer in active.values {
            guard let deadline = transfer.deadline else { continue }
            if deadline <= round.begin {
                abandon(transfer, because: transfer.overdueError)
            } else {
                wait = min(wait, Self.nap, deadline - round.begin)
            }
        }
        round.next = round.begin + max(wait, Self.nap)
        return wait
    }
}
