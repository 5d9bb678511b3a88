import FaceKit
import NetworkModel

/// The filters of `POST /networks/prune`.
struct PruneFilters {
    private let filters: Filters
    /// Networks made after this are kept.
    private let until: Timestamp?

    init(_ filters: Filters, now: Timestamp) throws(RequestFault) {
        try filters.check(known: ["label", "label!", "until"])
        guard filters["until"].count < 2 else { throw RequestFault(.invalid, "more than one until filter specified") }
        self.filters = filters
        self.until = try filters["until"].first.map { text throws(RequestFault) in
            guard let time = PointInTime.read(text, now: now) else {
                throw RequestFault(.invalid, "invalid filter 'until=\(text)': it must be a duration like 24h, a date or seconds since 1970")
            }
            return time
        }
    }

    func matches(_ network: NetworkRecord) -> Bool {
        filters.matchesAll(of: network.labels, by: "label")
            && !filters["label!"].contains { Filters.has($0, network.labels) }
            && (until.map { network.created <= $0 } ?? true)
    }
}
