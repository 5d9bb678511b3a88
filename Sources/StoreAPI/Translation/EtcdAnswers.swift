import ClusterStore
import EtcdProtocol

extension EtcdKeyValue {
    init(_ record: RawRecord, keyOnly: Bool = false) {
        self.init(
            key: record.key.bytes, createRevision: record.created.rawValue, modRevision: record.modified.rawValue,
            version: record.version, value: keyOnly ? [] : record.value, lease: record.lease ?? 0)
    }
}

extension EtcdEvent {
    init(_ change: RawChange) {
        switch change {
        case .put(let record): self.init(type: .put, kv: EtcdKeyValue(record))
        case .deleted(let key, let revision): self.init(type: .delete, kv: EtcdKeyValue(key: key.bytes, modRevision: revision.rawValue))
        }
    }
}

extension EtcdResponseOp {
    /// The answer to one step; nil if the result is that of another kind of step.
    init?(_ operation: EtcdRequestOp, _ result: RawResult, _ header: EtcdResponseHeader) {
        switch (operation, result) {
        case (.range(let request), .read(let records, let count)):
            let keyValues = request.countOnly ? [] : records.map { EtcdKeyValue($0, keyOnly: request.keysOnly) }
            self = .range(
                EtcdRangeResponse(
                    header: header, kvs: keyValues, more: !request.countOnly && records.count < count, count: Int64(count)))
        case (.put(let request), .put(let previous)):
            self = .put(EtcdPutResponse(header: header, prevKV: request.prevKV ? previous.map { EtcdKeyValue($0) } : nil))
        case (.deleteRange(let request), .deleted(let records)):
            let previous = request.prevKV ? records.map { EtcdKeyValue($0) } : []
            self = .deleteRange(EtcdDeleteRangeResponse(header: header, deleted: Int64(records.count), prevKVs: previous))
        default: return nil
        }
    }
}
