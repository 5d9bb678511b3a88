import ClusterStore
import EtcdProtocol
import TestSupport
import Testing

@testable import EtcdStore

@Suite struct ReadingTests {
    private let root = EtcdRoot("r")

    private func keyValue(_ key: String) -> EtcdKeyValue { EtcdKeyValue(key: Array("r/\(key)".utf8), createRevision: 1, modRevision: 1) }

    /// Answers as etcd does that has these keys.
    private func answer(_ request: EtcdTxnRequest, from keys: [String], revision: Int64) -> EtcdTxnResponse {
        let responses = request.success.compactMap { operation -> EtcdResponseOp? in
            guard case .range(let request) = operation else { return nil }
            let found = keys.map(keyValue).filter { request.range.contains($0.key) }
            let limited = request.limit > 0 ? Array(found.prefix(Int(request.limit))) : found
            return .range(EtcdRangeResponse(kvs: limited, more: limited.count < found.count, count: Int64(found.count)))
        }
        return EtcdTxnResponse(header: EtcdResponseHeader(revision: revision), succeeded: true, responses: responses)
    }

    @Test(arguments: [1, 2, 3, 100] as [Int64])
    func `pages are put together in order, whatever their size`(page: Int64) {
        let keys = ["a/1", "a/2", "a/3", "a/4", "b/1", "c/1", "c/2", "c/3"]
        var reading = EtcdReading(
            [StoreKey(path: "c/"), StoreKey(path: "a/"), StoreKey(path: "b/"), StoreKey(path: "d/")], root: root, page: page)
        var requests = 0
        while let request = reading.next() {
            reading.take(answer(request, from: keys, revision: 7))
            requests += 1
        }
        #expect(reading.listing.snapshot.entries.map(\.key.path) == keys)
        #expect(requests == (Int64(4) + page - 1) / page)
    }

    @Test func `later pages are of the revision of the first`() throws {
        var reading = EtcdReading([StoreKey(path: "a/")], root: root, page: 1)
        var revisions: [Int64] = []
        var now: Int64 = 7
        while let request = reading.next() {
            guard case .range(let range) = try #require(request.success.first) else { throw TestProblem("no range") }
            revisions.append(range.revision)
            reading.take(answer(request, from: ["a/1", "a/2", "a/3"], revision: now))
            now += 1
        }
        #expect(revisions == [0, 7, 7])
        #expect(reading.listing.snapshot.revision == StoreRevision(7))
    }
}
