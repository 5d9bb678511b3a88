/// A transfer that libcurl carries out, with what it needs meanwhile. Only the driving thread touches it.
final class ActiveTransfer {
    let transfer: Transfer
    let handle: EasyHandle
    private let headers: HeaderList
    private let tls: TLSFiles?
    private let peer: String
    private var start: ContinuousClock.Instant
    /// When the server last answered a request that vouches for this one.
    private var lastSign: ContinuousClock.Instant?
    /// When the head came, if nobody listened since for a while: so much later.
    private var excusedHead: ContinuousClock.Instant?

    init(_ transfer: Transfer, tls: TLSFiles?, at start: ContinuousClock.Instant = .now) throws(HTTPError) {
        self.transfer = transfer
        self.start = start
        self.tls = tls
        peer = transfer.request.peer
        headers = try HeaderList(transfer.request.headers)
        handle = try EasyHandle()
        try handle.apply(transfer.request, headers: headers, tls: tls)
        try handle.report(to: transfer)
    }

    /// When the part of the answer that is awaited now is overdue; nil if it may take any time.
    var deadline: ContinuousClock.Instant? {
        if let headArrival = excusedHead ?? transfer.headArrival { return transfer.request.bodyTimeout.map { headArrival + $0 } }
        let end = transfer.request.turnTimeout.map { start + $0 }
        let turn = transfer.request.headTimeout.map { (lastSign ?? start) + $0 }
        return turn.map { min($0, end ?? $0) } ?? end
    }

    /// Another transfer has ended, with a whole answer.
    func hear(of other: ActiveTransfer, at now: ContinuousClock.Instant) {
        guard !transfer.request.turnStatuses.isEmpty, peer == other.peer, other.isInTurn else { return }
        guard let bound = transfer.request.headTimeout, other.start <= start + bound else { return }
        lastSign = now
    }

    /// Nobody listened in that time: what began before its end is as if it had begun so much later.
    func excuse(_ silence: Range<ContinuousClock.Instant>) {
        func later(_ begin: ContinuousClock.Instant) -> ContinuousClock.Instant {
            begin < silence.upperBound ? begin + (silence.upperBound - max(silence.lowerBound, begin)) : begin
        }
        start = later(start)
        lastSign = lastSign.map(later)
        excusedHead = (excusedHead ?? transfer.headArrival).map(later)
    }

    private var isInTurn: Bool { transfer.request.turnStatuses.contains(transfer.status) }

    var overdueError: HTTPError {
        guard transfer.isIssued else { return HTTPError(.notSent, "cannot connect to \(peer): no connection in time") }
        return HTTPError(.timedOut, "\(peer) did not \(transfer.headArrival == nil ? "answer" : "end its answer") in time")
    }

    /// What a transfer that has ended comes to, or nil if its answer is whole.
    func verdict(_ code: CurlCode) -> HTTPError? {
        code.error(of: transfer.request, isIssued: transfer.isIssued, handle.remains, tls)
    }
}
