import ClusterStore
import EtcdProtocol

/// A list on its way: everything below some prefixes at one revision, in pages, so that neither side has all of it as JSON at once.
struct EtcdReading: Sendable {
    private struct Part: Sendable {
        var left: EtcdKeyRange?
        var entries: [StoreEntry] = []
    }

    private let root: EtcdRoot
    private var parts: [Part]
    private var header: EtcdResponseHeader?
    /// The parts that the last request asked for.
    private var asked: [Int] = []
    /// Entries in an answer: some 10 MB of JSON. etcd counts all of a range for each page of it.
    private let page: Int64
    /// etcd's default bound of the operations of a transaction.
    private static let operationsInTransaction = 128

    init(_ prefixes: [StoreKey], root: EtcdRoot, page: Int64 = 10_000) {
        self.root = root
        self.page = page
        parts = StoreKey.disjoint(prefixes).map { Part(left: root.range(below: $0)) }
    }

    /// Whether some of it was read: the rest is read as of the same revision.
    var hasBegun: Bool { header != nil }

    /// What to ask for next; nil when all is read.
    mutating func next() -> EtcdTxnRequest? {
        asked = Array(parts.indices.filter { parts[$0].left != nil }.prefix(Self.operationsInTransaction))
        guard !asked.isEmpty else { return nil }
        let ranges = asked.compactMap { parts[$0].left }.map { range in
            var request = EtcdRangeRequest(range)
            request.limit = page
            request.revision = header?.revision ?? 0
            return EtcdRequestOp.range(request)
        }
        return EtcdTxnRequest(success: ranges)
    }

    mutating func take(_ answer: EtcdTxnResponse) {
        header = header ?? answer.header
        for (index, response) in zip(asked, answer.responses) {
            guard case .range(let range) = response, let left = parts[index].left else { continue }
            parts[index].entries += range.kvs.map(root.entry)
            parts[index].left = range.more ? range.kvs.last.map { EtcdKeyRange(key: $0.key + [0], end: left.end) } : nil
        }
    }

    var listing: EtcdListing {
        let entries = parts.count == 1 ? parts[0].entries : parts.flatMap(\.entries)
        return EtcdListing(header: header ?? EtcdResponseHeader(), entries: entries)
    }
}
