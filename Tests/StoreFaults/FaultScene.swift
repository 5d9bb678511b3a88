import ClusterStore
import FaultProxy
import Synchronization
import TestSupport
import Testing

/// A server behind a proxy, a store that reaches it by the proxy, and one that reaches it directly and tells the truth.
struct FaultScene: Sendable {
    let bench: any FaultBench
    let proxy: FaultProxy
    let truth: any ClusterStore
    /// Of its own among those that share a root.
    let key: StoreKey
    private let root: String

    private static let count = Atomic(0)
    /// Long enough for a server that is well, on a busy machine, and short enough to wait for in vain.
    private static let short = Duration.seconds(3)

    init(_ bench: any FaultBench) throws {
        self.bench = bench
        proxy = try Self.proxy(for: bench)
        root = "fault-\(Self.number)/skein"
        key = StoreKey(path: "key-\(Self.number)")
        truth = try bench.store(at: bench.port, root: root)
    }

    /// Another proxy to the same server and root.
    init(beside other: FaultScene) throws {
        bench = other.bench
        proxy = try Self.proxy(for: bench)
        (root, truth) = (other.root, other.truth)
        key = StoreKey(path: "key-\(Self.number)")
    }

    private static func proxy(for bench: any FaultBench) throws -> FaultProxy {
        let type = type(of: bench)
        return try FaultProxy(to: bench.port) { type.streams && type.isWatch($0) }
    }

    private static var number: Int { count.add(1, ordering: .relaxed).newValue }

    /// All cases, with the backend's own.
    var cases: [FaultCase] { FaultCase.all(impostors: type(of: bench).impostors) }

    /// The store behind the proxy, which gives up soon on a fault that is silent.
    func store(for fault: FaultCase) throws -> any ClusterStore {
        try bench.store(at: proxy.port, root: root, patience: fault.isSilent ? Self.short : .seconds(30))
    }

    /// A store that gives up soon.
    func impatientStore(trust: Duration = .seconds(600)) throws -> any ClusterStore {
        try bench.store(at: proxy.port, root: root, patience: Self.short, trust: trust)
    }

    /// A store that knows the proxy first and the server second, which has a quarter of the time when the first was late.
    func storeWithAnother(for fault: FaultCase) throws -> any ClusterStore {
        try bench.store(at: proxy.port, bench.port, root: root, patience: fault.isSilent ? Self.short * 4 : .seconds(30))
    }

    func store(trust: Duration = .seconds(600), andDirectly: Bool = false) throws -> any ClusterStore {
        try bench.store(
            at: andDirectly ? [proxy.port, bench.port] : [proxy.port], root: root, patience: .seconds(30), trust: trust)
    }

    func isList(_ request: FakeRequest) -> Bool { type(of: bench).isList(request) }
    func isWatch(_ request: FakeRequest) -> Bool { type(of: bench).isWatch(request) }

    @discardableResult
    func put(_ path: String, _ value: String = "", lease: LeaseID? = nil) async throws -> StoreRevision {
        try await truth.commit(StoreTransaction([], then: [.put(StoreKey(path: path), Array(value.utf8), lease: lease)])).committed()
    }

    /// Checks that an operation ends as the fault says.
    func expect(
        _ reading: FaultCase.Reading, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ operation: () async throws -> Void
    ) async {
        var code: StoreError.Code?
        do {
            try await operation()
        } catch let error as StoreError {
            code = error.code
        } catch {
            Issue.record("\(what): \(error)", sourceLocation: sourceLocation)
        }
        switch reading {
        case .answered: #expect(code == nil, "\(what)", sourceLocation: sourceLocation)
        case .fails(let expected): #expect(code == expected, "\(what)", sourceLocation: sourceLocation)
        }
    }

    /// Waits until an operation is carried out: a client recovers when a fault ends.
    func recovers(_ what: String, _ operation: () async throws -> Void) async throws {
        try await eventually(what + " is answered again") {
            do {
                try await operation()
                return true
            } catch is StoreError {
                return false
            }
        }
    }
}

extension CommitOutcome {
    /// The revision of a transaction that must have been carried out.
    func committed() throws -> StoreRevision {
        guard case .committed(let revision) = self else { throw TestProblem("the transaction met a conflict: \(self)") }
        return revision
    }
}

extension StoreEntry {
    var text: String { String(decoding: value, as: UTF8.self) }
}
