import ClusterStore
import EtcdProtocol
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

    /// Reads a list to its end: the first page, and strand after strand, in any order.
    private func read(
        _ prefixes: [String], page: Int64, from keys: [String], askedIn order: ([Int]) -> [Int] = { $0 },
        answering: (EtcdTxnRequest) -> Void = { _ in }
    ) -> StoreSnapshot {
        var revision: Int64 = 7
        func ask(_ reading: inout EtcdReading) -> Bool {
            guard let request = reading.next() else { return false }
            answering(request)
            reading.take(answer(request, from: keys, revision: revision))
            revision += 1
            return true
        }
        var reading = EtcdReading(prefixes.map { StoreKey(path: $0) }, root: root, page: page)
        _ = ask(&reading)
        var strands = reading.strands()
        for number in order(Array(strands.indices)) { while ask(&strands[number]) {} }
        reading.join(strands)
        return reading.listing.snapshot
    }

    @Test(arguments: [1, 2, 3, 100] as [Int64], [false, true])
    func `pages are put together in order, whatever their size and which strand is faster`(page: Int64, isLastFirst: Bool) {
        let keys = ["a/1", "a/2", "a/3", "a/4", "a/48", "a/c", "b/1", "b/zz", "c/", "c/1", "c/4", "c/47", "c/8", "c/b", "c/ca", "c/d"]
        let snapshot = read(["c/", "a/", "b/", "d/"], page: page, from: keys) { isLastFirst ? $0.reversed() : $0 }
        #expect(snapshot.entries.map(\.key.path) == keys)
    }

    @Test func `what fits a page is asked for once, and what does not in strands that share the keys`() {
        let keys = (0..<256).map { "a/" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        var requests = 0
        _ = read(["a/"], page: 256, from: keys, answering: { _ in requests += 1 })
        #expect(requests == 1)
        var reading = EtcdReading([StoreKey(path: "a/")], root: root, page: 32)
        if let request = reading.next() { reading.take(answer(request, from: keys, revision: 1)) }
        var strands = reading.strands()
        let shares = strands.indices.map { number in
            while let request = strands[number].next() { strands[number].take(answer(request, from: keys, revision: 1)) }
            return strands[number].listing.snapshot.entries.count
        }
        #expect(shares == [32, 64, 64, 64])
    }

    @Test func `later pages are of the revision of the first`() {
        var revisions: [Int64] = []
        let snapshot = read(
            ["a/"], page: 1, from: ["a/1", "a/2", "a/3", "a/9"],
            answering: { request in
                guard case .range(let range) = request.success.first else { return }
                revisions.append(range.revision)
            })
        #expect(revisions.count >= 4 && revisions.first == 0 && revisions.dropFirst().allSatisfy { $0 == 7 })
        #expect(snapshot.revision == StoreRevision(7))
    }
}
