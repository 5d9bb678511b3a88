/// A transfer that libcurl carries out, with what it needs meanwhile. Only the driving thread touches it.
final class ActiveTransfer {
    let transfer: Transfer
    let handle: EasyHandle
    private let headers: HeaderList
    private let tls: TLSFiles?
    private let headDeadline: ContinuousClock.Instant?

    init(_ transfer: Transfer, tls: TLSFiles?) throws(HTTPError) {
        self.transfer = transfer
        self.tls = tls
        headDeadline = transfer.request.headTimeout.map { ContinuousClock.now + $0 }
        headers = try HeaderList(transfer.request.headers)
        handle = try EasyHandle()
        try handle.apply(transfer.request, headers: headers, tls: tls)
        try handle.report(to: transfer)
    }

    /// How long the head of the answer may still take; nil when it is there or may take any time.
    func timeForHead(at now: ContinuousClock.Instant) -> Duration? {
        guard let headDeadline, !transfer.hasHead else { return nil }
        return headDeadline - now
    }

    var headIsOverdue: HTTPError {
        transfer.isIssued
            ? HTTPError(.timedOut, "\(transfer.request.peer) did not answer in time")
            : HTTPError(.notSent, "cannot connect to \(transfer.request.peer): no connection in time")
    }

    /// What a transfer that has ended comes to, or nil if its answer is whole.
    func verdict(_ code: CurlCode) -> HTTPError? {
        code.error(of: transfer.request, isIssued: transfer.isIssued, handle.remains, tls)
    }
}
