import KernelNetwork
import NetworkModel

/// When to look again, since the data plane was made.
struct Timers {
    /// When it is woken next.
    private(set) var wake: Duration?
    var rules: Duration?
    var verify: Duration?
    /// Namespaces of which a monitor told that something changed.
    var suspects: [Item: Duration] = [:]

    /// Sets the next wake, or nil if there is an earlier one.
    mutating func set(_ time: Duration) -> Duration? {
        if let wake, wake <= time { return nil }
        wake = time
        return time
    }

    mutating func rang(at time: Duration) {
        if wake == time { wake = nil }
    }
}

/// What is looked at a few at a time, between passes: an attach must not wait for a look at everything.
struct Chores {
    private var verify: [Item] = []
    private var rules: [Item] = []
    private static let atATime = 8

    var isEmpty: Bool { verify.isEmpty && rules.isEmpty }

    mutating func setVerify(_ items: [Item]) { verify = items }
    mutating func setRules(_ items: [Item]) { rules = items }
    mutating func takeVerify() -> [Item] { Self.take(&verify) }
    mutating func takeRules() -> [Item] { Self.take(&rules) }

    private static func take(_ items: inout [Item]) -> [Item] {
        let taken = Array(items.suffix(atATime))
        items.removeLast(taken.count)
        return taken
    }
}

/// Those who wait for a pass to end.
struct Waiters {
    private var streams: [(deadline: Duration, continuation: AsyncStream<Never>.Continuation)] = []
    private(set) var areClosed = false

    var deadline: Duration? { streams.map(\.deadline).min() }

    /// A stream that ends with the next pass.
    mutating func add(until deadline: Duration) -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        if areClosed { continuation.finish() } else { streams.append((deadline, continuation)) }
        return stream
    }

    mutating func release() {
        for stream in streams { stream.continuation.finish() }
        streams = []
    }

    mutating func close() {
        areClosed = true
        release()
    }
}

/// The monitors of the host and of the networks. In sandboxes other programs keep the kernel busy: those are compared now and then.
struct Monitors {
    struct Monitor: Sendable {
        let item: Item
        let events: AsyncStream<KernelEvent>
        let stop: AsyncStream<Never>
    }

    private var new: [Monitor] = []
    private var stops: [Item: AsyncStream<Never>.Continuation] = [:]
    private var credits: [Item: Credit] = [:]

    /// What a monitor's words are worth: one that cries wolf, as each does of what we write ourselves, is believed after a longer while.
    private struct Credit {
        /// Words in a row that came to nothing.
        var inVain = 0
        var lastLook: Duration?
        var awaitsLook = false
    }

    func has(_ item: Item) -> Bool { stops[item] != nil }

    mutating func add(_ item: Item, _ events: AsyncStream<KernelEvent>) {
        let (stop, continuation) = AsyncStream<Never>.makeStream()
        stops[item] = continuation
        new.append(Monitor(item: item, events: events, stop: stop))
    }

    mutating func takeNew() -> [Monitor] {
        defer { new = [] }
        return new
    }

    mutating func end(_ item: Item) {
        stops.removeValue(forKey: item)?.finish()
        credits[item] = nil
        new.removeAll { $0.item == item }
    }

    /// A monitor gave its word.
    ///
    /// - Returns: how long until it is looked into: `base`, and up to sixteen times as long while words follow one another in vain. Who was
    ///   quiet for longer than that is looked into after `base` again.
    mutating func heard(of item: Item, at now: Duration, base: Duration) -> Duration {
        var credit = credits[item, default: Credit()]
        if let last = credit.lastLook, now - last > base * (1 << credit.inVain) { credit.inVain = 0 }
        credit.awaitsLook = true
        credits[item] = credit
        return base * (1 << credit.inVain)
    }

    /// A namespace was looked at, for whatever reason.
    mutating func looked(at item: Item, wasRight: Bool, at now: Duration) {
        guard var credit = credits[item], credit.awaitsLook else { return }
        credit.inVain = wasRight ? 0 : min(credit.inVain + 1, 4)
        (credit.lastLook, credit.awaitsLook) = (now, false)
        credits[item] = credit
    }
}

extension Dataplane {
    // MARK: Time

    /// How long until there is something to do, if nobody was sent to wait for it yet.
    func nextWait() -> (sleep: Duration, time: Duration)? {
        let times =
            [timers.rules, timers.verify, waiters.deadline].compactMap(\.self) + timers.suspects.values + troubles.values.map(\.until)
            + networks.values.compactMap(\.idleUntil)
        guard let next = times.min(), let time = timers.set(next) else { return nil }
        return (max(time - now(), .zero), time)
    }

    /// Makes due what has come.
    func fireTimers() {
        let now = now()
        for (item, trouble) in troubles where trouble.until <= now { due.insert(item) }
        for (item, time) in timers.suspects where time <= now {
            timers.suspects[item] = nil
            doubt(item)
        }
        for network in networks.values { if let time = network.idleUntil, time <= now { dismiss(network) } }
        if let time = timers.verify, time <= now { isVerifyDue = true }
        if let time = timers.rules, time <= now {
            timers.rules = now + options.rulesInterval
            chores.setRules(networks.keys.map { .network($0) } + [.host])
        }
    }

    /// A few of what is looked at now and then.
    func doChores() {
        for item in chores.takeVerify() {
            if case .sandbox(let id) = item { sandboxes[id]?.files = nil }
            doubt(item)
        }
        for item in chores.takeRules() {
            do throws(KernelError) {
                if try space(of: item)?.checkRules(of: kernel) == false { makeDue(item) }
            } catch {
                doubt(item)
            }
        }
    }

    // MARK: Monitors

    func follow(_ monitor: Monitors.Monitor) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await event in monitor.events { await self.take(event, of: monitor.item) } }
            group.addTask { for await _ in monitor.stop {} }
            await group.next()
            group.cancelAll()
        }
        guard monitors.has(monitor.item) else { return }
        // It ended by itself: the next look at the namespace makes another.
        monitors.end(monitor.item)
        suspect(monitor.item)
    }

    private func take(_ event: KernelEvent, of item: Item) {
        switch event {
        case .changed: suspect(item)
        case .overrun:
            isVerifyDue = true
            wake()
        }
    }

    private func suspect(_ item: Item) {
        guard timers.suspects[item] == nil else { return }
        let now = now()
        timers.suspects[item] = now + monitors.heard(of: item, at: now, base: options.monitorDelay)
        wake()
    }
}
