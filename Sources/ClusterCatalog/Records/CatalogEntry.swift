public import ClusterStore
public import NetworkModel

/// A record together with when it was last written, which is what a transaction compares.
public struct CatalogEntry<Record: Codable & Hashable & Sendable>: Hashable, Sendable {
    public let record: Record
    /// The revision that last wrote the record's key.
    public let revision: StoreRevision

    public init(_ record: Record, revision: StoreRevision) {
        self.record = record
        self.revision = revision
    }

    /// Reads a record as the store gives it, such as from a mirror of its prefix.
    /// - Throws: ``CatalogError/Code/undecodable``, naming the key.
    public init(_ entry: StoreEntry) throws(CatalogError) {
        self.init(try RecordCoding.decode(Record.self, from: entry), revision: entry.modified)
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
