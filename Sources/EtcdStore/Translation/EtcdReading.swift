import ClusterStore
import EtcdProtocol

/// A list on its way: everything below some prefixes at one revision, in pages, so that neither side has all of it as JSON at once. What the
/// first page leaves is read in strands that go on side by side: while we take one page to pieces, etcd puts together another.
struct EtcdReading: Sendable {
    private struct Part: Sendable {
        let prefix: [UInt8]
        var left: EtcdKeyRange?
        var entries = StoreEntries()
    }

    private let root: EtcdRoot
    private var parts: [Part]
    private var header: EtcdResponseHeader?
    /// The parts that the last request asked for.
    private var asked: [Int] = []
    /// Entries in an answer: some 2.5 MB of JSON. etcd counts all of a range for each page of it.
    private let page: Int64
    /// etcd's default bound of the operations of a transaction.
    private static let operationsInTransaction = 128
    /// What divides a prefix's keys between strands: most go on with an identifier, in hexadecimal.
    private static let cuts = "48c".utf8.map(\.self)

    init(_ prefixes: [StoreKey], root: EtcdRoot, page: Int64 = 2_500) {
        self.root = root
        self.page = page
        parts = StoreKey.disjoint(prefixes).map {
            let range = root.range(below: $0)
            return Part(prefix: root.bytes(of: $0), left: range)
        }
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
            parts[index].entries.append(contentsOf: StoreEntries(range.kvs.map(root.entry)))
            parts[index].left = range.more ? range.kvs.last.map { EtcdKeyRange(key: $0.key + [0], end: left.end) } : nil
        }
    }

    /// What is left, divided: readings that can go on side by side, to be put together by ``join(_:)`` in the same order.
    mutating func strands() -> [EtcdReading] {
        var strands: [EtcdReading] = []
        for cut in Self.cuts {
            var strand = self
            for index in parts.indices {
                strand.parts[index].entries = StoreEntries()
                guard let (below, from) = parts[index].left?.cut(at: parts[index].prefix + [cut]) else { continue }
                (strand.parts[index].left, parts[index].left) = (below, from)
            }
            strands.append(strand)
        }
        var last = self
        for index in parts.indices {
            last.parts[index].entries = StoreEntries()
            parts[index].left = nil
        }
        strands.append(last)
        return strands.filter { strand in strand.parts.contains { $0.left != nil } }
    }

    /// Takes what strands have read.
    mutating func join(_ strands: [EtcdReading]) {
        for strand in strands {
            for index in parts.indices { parts[index].entries.append(contentsOf: strand.parts[index].entries) }
        }
    }

    var listing: EtcdListing {
        let entries = parts.reduce(into: StoreEntries()) { $0.append(contentsOf: $1.entries) }
        return EtcdListing(header: header ?? EtcdResponseHeader(), entries: entries)
    }
}
