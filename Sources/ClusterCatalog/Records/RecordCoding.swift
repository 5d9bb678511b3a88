import ClusterStore
import NetworkModel

/// How records are written: compact JSON, readable with `etcdctl get`.
enum RecordCoding {
    static func encode(_ record: some Encodable, at key: StoreKey) throws(CatalogError) -> [UInt8] {
        do {
            return try CompactJSON.encode(record)
        } catch {
            throw CatalogError(.undecodable, "the record for \(key) cannot be written as JSON: \(error)")
        }
    }

    static func decode<Record: Decodable>(_ type: Record.Type, from entry: StoreEntry) throws(CatalogError) -> Record {
        do {
            return try CompactJSON.decode(type, from: entry.value)
        } catch {
            throw CatalogError(.undecodable, "the value of key \(entry.key) is not a \(type): \(reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        return switch error {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.debugDescription
        @unknown default: "\(error)"
        }
    }

    static func put(_ record: some Encodable, at key: StoreKey, lease: LeaseID? = nil) throws(CatalogError) -> StoreOperation {
        .put(key, try encode(record, at: key), lease: lease)
    }
}
