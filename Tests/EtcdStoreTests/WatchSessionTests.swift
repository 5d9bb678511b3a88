import ClusterStore
import EtcdProtocol
import TestSupport
import Testing

@testable import EtcdStore

struct WatchSessionTests {
    private let root = EtcdRoot("skein")
    private let lost = StoreError(.unavailable, "gone")

    private func header(_ revision: Int64, cluster: UInt64 = 1, term: UInt64 = 2) -> EtcdResponseHeader {
        EtcdResponseHeader(clusterID: cluster, revision: revision, raftTerm: term)
    }

    private func put(_ path: String, at revision: Int64) -> EtcdEvent {
        EtcdEvent(type: .put, kv: EtcdKeyValue(key: Array("skein/\(path)".utf8), createRevision: revision, modRevision: revision))
    }

    /// A session that has listed at a revision and follows from there.
    private func following(_ revision: Int64) throws -> WatchSession {
        var session = WatchSession()
        #expect(session.step == .list)
        _ = try session.listed(EtcdListing(header: header(revision), entries: []))
        #expect(session.step == .open(from: revision + 1))
        session.opened()
        #expect(try session.received(EtcdWatchResponse(header: header(revision), created: true), root: root) == nil)
        return session
    }

    /// The revision and the keys of an event of changes.
    private func told(_ event: WatchEvent?) -> [String] {
        guard case .changes(let changes, let revision) = event else { return ["no changes"] }
        return ["\(revision)"] + changes.map { $0.key.path }
    }

    @Test func `events are told with the revision of the last one, not the head's`() throws {
        var session = try following(10)
        let event = try session.received(EtcdWatchResponse(header: header(90), events: [put("a", at: 11), put("b", at: 12)]), root: root)
        #expect(told(event) == ["12", "a", "b"])
        session.broke()
        #expect(session.step == .open(from: 13))
    }

    @Test func `events that were told already are not told again`() throws {
        var session = try following(10)
        _ = try session.received(EtcdWatchResponse(header: header(11), events: [put("a", at: 11)]), root: root)
        session.broke()
        session.opened()
        let event = try session.received(EtcdWatchResponse(header: header(12), events: [put("a", at: 11), put("b", at: 12)]), root: root)
        #expect(told(event) == ["12", "b"])
    }

    @Test func `fragments are told together`() throws {
        var session = try following(10)
        #expect(try session.received(EtcdWatchResponse(header: header(11), fragment: true, events: [put("a", at: 11)]), root: root) == nil)
        let event = try session.received(EtcdWatchResponse(header: header(11), events: [put("b", at: 11)]), root: root)
        #expect(told(event) == ["11", "a", "b"])
    }

    @Test func `half of a revision is forgotten when the stream breaks`() throws {
        var session = try following(10)
        _ = try session.received(EtcdWatchResponse(header: header(11), fragment: true, events: [put("a", at: 11)]), root: root)
        session.broke()
        #expect(session.step == .open(from: 11))
        session.opened()
        let event = try session.received(EtcdWatchResponse(header: header(11), events: [put("a", at: 11), put("b", at: 11)]), root: root)
        #expect(told(event) == ["11", "a", "b"])
    }

    @Test func `progress moves the revision, and the head of a beginning does not`() throws {
        var session = try following(10)
        #expect(told(try session.received(EtcdWatchResponse(header: header(40)), root: root)) == ["40"])
        session.broke()
        #expect(session.step == .open(from: 41))
        session.opened()
        #expect(try session.received(EtcdWatchResponse(header: header(99), created: true), root: root) == nil)
        session.broke()
        #expect(session.step == .open(from: 41))
    }

    @Test func `compaction is another start, and other reasons are failures`() throws {
        var session = try following(10)
        #expect(throws: WatchEnd.missed("compacted")) {
            try session.received(EtcdWatchResponse(header: header(0), canceled: true, compactRevision: 50), root: root)
        }
        session.missed()
        #expect(session.step == .list)
        var other = try following(10)
        #expect(throws: WatchEnd.cancelled("etcdserver: permission denied")) {
            try other.received(
                EtcdWatchResponse(header: header(10), created: true, canceled: true, cancelReason: "etcdserver: permission denied"),
                root: root)
        }
    }

    @Test func `another history is not followed`() throws {
        for head in [header(9), header(11, cluster: 2), header(11, term: 1)] {
            var session = try following(10)
            #expect(throws: WatchEnd.self) { try session.received(EtcdWatchResponse(header: head, created: true), root: root) }
        }
        // A newer term is only a new leader.
        var session = try following(10)
        #expect(
            told(try session.received(EtcdWatchResponse(header: header(11, term: 3), events: [put("a", at: 11)]), root: root)) == [
                "11", "a",
            ])
    }

    @Test func `a member that is behind for a moment makes no list, and one that stays behind does`() throws {
        var session = try following(10)
        func hear(_ revision: Int64, term: UInt64 = 2) throws {
            session.opened()
            _ = try session.received(EtcdWatchResponse(header: header(revision, term: term), created: true), root: root)
        }
        for _ in 0..<10 { _ = session.failed(lost) }
        for number in 1...6 {
            // It has not applied the last write, or the election after it.
            #expect(throws: WatchEnd.behind) { try number.isMultiple(of: 2) ? hear(9) : hear(10, term: 1) }
            session.fellBehind()
            #expect(session.step == .open(from: 11))
            #expect(session.takeOwedPause() == number, "who answers is not waited for as who is away")
        }
        try hear(10)
        for number in 1...7 {
            #expect(throws: WatchEnd.behind) { try hear(9) }
            session.fellBehind()
            #expect(session.step == (number < 7 ? .open(from: 11) : .list))
        }
    }

    @Test func `what etcd never says is not followed`() throws {
        let (early, foreign) = (put("a", at: 12), EtcdEvent(type: .put, kv: EtcdKeyValue(key: Array("other/a".utf8), modRevision: 11)))
        for answer in [
            EtcdWatchResponse(), EtcdWatchResponse(header: header(11), events: [early]),
            EtcdWatchResponse(header: header(11), events: [foreign]),
        ] {
            var session = try following(10)
            #expect(throws: WatchEnd.self) { try session.received(answer, root: root) }
        }
    }

    @Test func `where streams cannot be opened for long, it is listed again`() throws {
        var session = try following(10)
        session.broke()
        var steps: [WatchSession.Step] = []
        for _ in 0..<17 {
            steps.append(session.step)
            _ = session.failed(lost)
        }
        // Each time it is only tried: a list that fails as well means no loss.
        #expect(steps.count { $0 == .list } == 2 && steps.suffix(1) == [.open(from: 11)])
        while session.step != .list { _ = session.failed(lost) }
        guard case .snapshot = try session.listed(EtcdListing(header: header(12), entries: [])) else { throw TestProblem("no snapshot") }
        _ = session.failed(lost)
        #expect(session.step == .open(from: 13))
    }

    @Test func `a list that takes most away, or is older, is listed twice before it is told (lesson 10)`() throws {
        let entries = StoreEntries(
            (0..<4).map {
                StoreEntry(key: StoreKey(path: "\($0)"), value: [], created: StoreRevision(1), modified: StoreRevision(1))
            })
        for doubtful in [EtcdListing(header: header(20), entries: [entries[0]]), EtcdListing(header: header(9), entries: entries)] {
            var session = WatchSession()
            _ = try session.listed(EtcdListing(header: header(10), entries: entries))
            session.missed()
            #expect(throws: SnapshotInDoubt.self) { try session.listed(doubtful) }
            #expect(session.step == .list)
            guard case .snapshot(let told) = try session.listed(doubtful) else { throw TestProblem("no snapshot") }
            #expect(told == doubtful.snapshot)
        }
    }

    @Test func `an interruption is said once, until something else is`() throws {
        var session = try following(10)
        session.broke()
        #expect(session.failed(lost) != nil)
        #expect(session.failed(lost) == nil)
        session.opened()
        let end = try session.received(EtcdWatchResponse(header: header(10), created: true), root: root)
        #expect(told(end) == ["10"])
        session.broke()
        #expect(session.failed(lost) != nil)
    }

    @Test func `a stream that breaks at once again and again is not opened in a loop`() throws {
        var session = try following(10)
        var waits: [Int] = []
        for _ in 0..<5 {
            session.broke()
            waits.append(session.takeOwedPause() ?? 0)
            #expect(session.takeOwedPause() == nil)
            session.opened()
            _ = try session.received(EtcdWatchResponse(header: header(10), created: true), root: root)
        }
        #expect(waits == [1, 2, 3, 4, 5])
        _ = try session.received(EtcdWatchResponse(header: header(11), events: [put("a", at: 11)]), root: root)
        session.broke()
        #expect(session.takeOwedPause() == 1)
    }

    @Test func `a list that fails is tried again, and a rest is no failure`() throws {
        var session = WatchSession()
        #expect(session.failed(lost) != nil && session.step == .list && session.takeOwedPause() == 1)
        _ = try session.listed(EtcdListing(header: header(3), entries: []))
        session.opened()
        session.rested()
        #expect(session.step == .list && session.takeOwedPause() == nil)
    }
}
