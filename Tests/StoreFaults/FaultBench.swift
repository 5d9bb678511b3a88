public import ClusterStore
public import FaultProxy
public import TestSupport

/// What a backend's tests supply: a real server, and stores that reach it by the ports of their choice.
public protocol FaultBench: Sendable {
    /// Where the server listens on loopback.
    var port: UInt16 { get }

    /// A store with an endpoint at each port, below a root.
    ///
    /// - Parameters:
    ///   - patience: how long an endpoint may take to answer.
    ///   - trust: how long a watch follows what it is told before it lists and compares.
    func store(at ports: [UInt16], root: String, patience: Duration, trust: Duration) throws -> any ClusterStore

    /// Whether a request asks for changes, and is answered line by line for ever, or whole after long.
    static func isWatch(_ request: FakeRequest) -> Bool
    /// Whether watches are answered line by line.
    static var streams: Bool { get }
    /// Whether each answer tells how far the store is, so that an old one is known.
    static var tellsTime: Bool { get }
    /// Answers that are whole and JSON, and are not the protocol's to any operation.
    static var impostors: [String] { get }
    /// An answer to a list below one prefix, as of a revision, that has no entry; nil if this backend has no test for it.
    static func emptyList(at revision: StoreRevision) -> Fault?
    /// Whether a request is a list of everything below a prefix.
    static func isList(_ request: FakeRequest) -> Bool
}

extension FaultBench {
    public static var streams: Bool { true }
    public static var tellsTime: Bool { true }

    /// For machines that are busy with other tests.
    func store(at ports: UInt16..., root: String, patience: Duration = .seconds(30), trust: Duration = .seconds(600)) throws
        -> any ClusterStore
    {
        try store(at: ports, root: root, patience: patience, trust: trust)
    }
}
