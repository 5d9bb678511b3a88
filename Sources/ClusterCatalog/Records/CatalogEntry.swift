public import ClusterStore
public import NetworkModel

/// A record together with when it was last written, which is what a transaction compares.
public struct CatalogEntry<Record: Codable & Hashable & Sendable>: Hashable, Sendable {
    /// An endpoint's record has some three hundred bytes: a mirror of tens of thousands would move them whenever it grows, and leave as
    /// much room again.
    private final class Kept: Sendable {
        let record: Record

        init(_ record: Record) {
            self.record = record
        }
    }

    private let kept: Kept
    /// The revision that last wrote the record's key.
    public let revision: StoreRevision

    public init(_ record: Record, revision: StoreRevision) {
        kept = Kept(record)
        self.revision = revision
    }

    public var record: Record { kept.record }

    /// Reads a record as the store gives it, such as from a mirror of its prefix.
    /// - Throws: ``CatalogError/Code/undecodable``, naming the key.
    public init(_ entry: StoreEntry) throws(CatalogError) {
        self.init(try RecordCoding.decode(Record.self, from: entry), revision: entry.modified)
    }

    public static func == (left: Self, right: Self) -> Bool { left.revision == right.revision && left.record == right.record }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(record)
        hasher.combine(revision)
    }
}

extension ViewChange {
    /// What a change of the store means to a view, or nil for a key that views do not show.
    /// - Throws: ``CatalogError/Code/undecodable``, naming the key.
    public init?(_ change: StoreChange) throws(CatalogError) {
        let segments = change.key.segments
        switch segments.first {
        case "nodes":
            guard segments.count == 2, let id = NodeID(lenient: segments[1]) else { return nil }
            self = .node(id, try change.record())
        case "networks":
            guard segments.count == 2, let id = NetworkID(lenient: segments[1]) else { return nil }
            self = .network(id, try change.record())
        case "endpoints":
            guard segments.count == 3, let network = NetworkID(lenient: segments[1]), let id = EndpointID(lenient: segments[2])
            else { return nil }
            self = .endpoint(network, id, try change.record())
        case "sandboxes":
            guard segments.count == 3, let id = SandboxID(lenient: segments[2]) else { return nil }
            self = .sandbox(id, try change.record())
        default:
            return nil
        }
    }
}

extension StoreChange {
    fileprivate func record<Record: Decodable>() throws(CatalogError) -> Record? {
        switch self {
        case .put(let entry): try RecordCoding.decode(Record.self, from: entry)
        case .deleted: nil
        }
    }
}

extension Identifier {
    /// An identifier from a key: nil, and not an error, for what is none.
    init?(lenient text: String) {
        guard let id = try? Identifier(text) else { return nil }
        self = id
    }
}
