import ClusterStore
import EtcdProtocol

extension KeyRange {
    /// - Throws: etcd's error for a range without a key.
    init(_ range: EtcdKeyRange) throws(EtcdErrorBody) {
        guard !range.key.isEmpty else { throw .keyNotProvided }
        if range.isOneKey {
            self.init(RawKey(range.key))
        } else {
            self.init(from: RawKey(range.key), to: range.end == [0] ? nil : RawKey(range.end))
        }
    }
}

extension RawOperation {
    init(_ operation: EtcdRequestOp) throws(EtcdErrorBody) {
        switch operation {
        case .range(let request):
            self = .read(
                try KeyRange(request.range), limit: Int(clamping: max(0, request.limit)),
                at: request.revision > 0 ? StoreRevision(request.revision) : nil)
        case .put(let request):
            guard !request.key.isEmpty else { throw .keyNotProvided }
            self = .put(RawKey(request.key), request.value, lease: request.lease == 0 ? nil : request.lease)
        case .deleteRange(let request): self = .delete(try KeyRange(request.range))
        }
    }
}

extension RawCompare {
    init(_ compare: EtcdCompare) throws(EtcdErrorBody) {
        guard !compare.key.isEmpty else { throw .keyNotProvided }
        guard compare.rangeEnd.isEmpty else { throw EtcdErrorBody(.unimplemented, "a compare of a range of keys is not served") }
        let target: Target =
            switch compare.target {
            case .version: .version(compare.version)
            case .created: .created(StoreRevision(compare.createRevision))
            case .modified: .modified(StoreRevision(compare.modRevision))
            case .value: .value(compare.value)
            case .lease: .lease(compare.lease)
            }
        let relation: Relation =
            switch compare.result {
            case .equal: .equal
            case .notEqual: .notEqual
            case .greater: .greater
            case .less: .less
            }
        self.init(RawKey(compare.key), target, relation)
    }
}
