import CKnot
import Glibc
import Synchronization

/// Answers datagrams on one thread, for all sites of the host.
final class DatagramLoop: Sendable {
    private struct State {
        var sockets: [DatagramSocket] = []
        /// Raised whenever the sockets change.
        var generation = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wake: WakePipe
    private let zone: SharedZone
    private let timeToLive: UInt32
    private let forward: @Sendable (ForwardedQuery) -> Void

    init(zone: SharedZone, timeToLive: UInt32, forward: @escaping @Sendable (ForwardedQuery) -> Void) throws(NameServerError) {
        self.zone = zone
        self.timeToLive = timeToLive
        self.forward = forward
        wake = try WakePipe()
    }

    /// Serves a socket until ``remove(_:)``; the loop owns it from here on.
    func add(_ socket: DatagramSocket) throws(NameServerError) {
        let isStopped = state.withLock { state in
            guard !state.isStopped else { return true }
            state.sockets.append(socket)
            state.generation += 1
            return false
        }
        guard !isStopped else {
            socket.close()
            throw .stopped
        }
        wake.ring()
    }

    /// Closes a site's sockets: on return their addresses are free.
    func remove(_ site: NameSite) {
        let removed = state.withLock { state in
            let removed = state.sockets.filter { $0.site == site }
            state.sockets.removeAll { $0.site == site }
            state.generation += 1
            return removed
        }
        for socket in removed { socket.close() }
        wake.ring()
    }

    /// Makes ``run()`` return, and closes every socket.
    func stop() {
        let removed = state.withLock { state in
            defer { state.sockets = [] }
            state.isStopped = true
            return state.sockets
        }
        for socket in removed { socket.close() }
        wake.ring()
    }

    /// Serves until stopped. Blocks: give it a thread of its own.
    func run() throws(NameServerError) {
        var responder = try Responder(zone: zone, timeToLive: timeToLive)
        let batch = DatagramBatch()
        var generation = -1
        var waiting = Waiting(sockets: [], wake: wake.readable)
        var busyTurns = 0
        var idleTurns = 0
        while true {
            let current = state.withLock { state in
                (state.isStopped, state.generation, state.generation == generation ? nil : state.sockets)
            }
            if current.0 { return }
            generation = current.1
            if let sockets = current.2 { waiting = Waiting(sockets: sockets, wake: wake.readable) }
            let isDone = idleTurns >= min(busyTurns, Self.patience)
            let ready = waiting.readySockets(sleeping: isDone)
            for socket in ready { serve(socket, batch: batch, responder: &responder) }
            if waiting.isWoken { wake.clear() }
            busyTurns = (isDone ? 0 : busyTurns) + (ready.isEmpty ? 0 : 1)
            idleTurns = ready.isEmpty ? idleTurns + 1 : 0
            if ready.isEmpty { sched_yield() }
        }
    }

    /// How often at most it looks again, and lets others run in between, before it sleeps: no more often than there was something since it
    /// last slept, so that a question now and then costs one look. The askers of a busy server would else pay for waking it, again and
    /// again: with asker and server on two cores that made one answer in eight.
    private static let patience = 32

    /// How many batches one socket gets before the others' turn.
    private static let batchesPerTurn = 4

    private func serve(_ socket: DatagramSocket, batch: DatagramBatch, responder: inout Responder) {
        for _ in 0..<Self.batchesPerTurn {
            // Forwarding waits until the socket is free again: it may reply at once.
            guard let round = socket.withDescriptor({ batch.exchange(on: $0, of: socket, with: &responder) }) else { return }
            for (question, peer) in round.foreign {
                forward(ForwardedQuery(question: question) { socket.send($0, to: peer) })
            }
            guard round.isFull else { return }
        }
    }
}

/// The descriptors that the loop waits for.
private struct Waiting {
    private var descriptors: [pollfd]
    private let sockets: [DatagramSocket]

    init(sockets: [DatagramSocket], wake: Int32) {
        self.sockets = sockets
        // poll(2) passes over a negative descriptor: that of a socket closed meanwhile.
        descriptors = ([wake] + sockets.map { $0.number ?? -1 }).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    var isWoken: Bool { descriptors.first?.revents != 0 }

    /// - Parameter sleeping: whether to sleep until something comes.
    mutating func readySockets(sleeping: Bool) -> [DatagramSocket] {
        let ready = unsafe descriptors.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, nfds_t($0.count), sleeping ? -1 : 0) }
        guard ready > 0 else { return [] }
        return zip(sockets, descriptors.dropFirst()).compactMap { $1.revents == 0 ? nil : $0 }
    }
}
