public import ClusterStore
import EtcdProtocol

/// What etcd offers for a member as a whole: of several endpoints, the one that answers.
extension EtcdStore: StoreMaintenance {
    /// A copy may take long, and is no use to anybody who has waited for longer.
    private static let copyPatience = Duration.seconds(1_800)

    private struct NoFields: Encodable {}

    public func size() async throws(StoreError) -> StoreSize {
        let status = try await caller.call(.status, NoFields(), answer: EtcdStatusResponse.self, .harmless)
        return StoreSize(bytes: status.dbSize, used: status.dbSizeInUse)
    }

    /// The alarms that have been raised. A served embedded store looks for damage when it is asked.
    public func findDamage() async throws(StoreError) -> [String] {
        let answer = try await caller.call(.alarm, EtcdAlarmRequest(), answer: EtcdAlarmResponse.self, .harmless, isList: true)
        return answer.alarms.map { "\(location): the member \(String($0.memberID, radix: 16)) has raised the alarm \($0.alarm)" }
    }

    /// etcd's own snapshot, as `etcdctl snapshot save` writes it; of a served embedded store, its file.
    public func backUp() async throws(StoreError) -> StoreCopy {
        let frames = try await caller.open(.snapshot, EtcdSnapshotRequest(), lasting: Self.copyPatience)
        let reader = SnapshotReader(frames, location: location)
        return StoreCopy { () throws(StoreError) in try await reader.next() }
    }
}

extension EtcdStatusResponse: EtcdAnswer {
    var head: EtcdResponseHeader? { header }
}

extension EtcdAlarmResponse: EtcdAnswer {
    /// etcd gives it without a revision.
    var head: EtcdResponseHeader? { nil }
}

/// Reads the pieces of a snapshot, and knows when it has all of them.
private actor SnapshotReader {
    private var frames: EtcdFrames?
    private let location: String
    /// Whether the server has announced no more. etcd sends the sum of all after that.
    private var isWhole = false

    init(_ frames: EtcdFrames, location: String) {
        self.frames = frames
        self.location = location
    }

    func next() async throws(StoreError) -> [UInt8]? {
        while var reading = frames.take() {
            do throws(EtcdFrames.End) {
                let piece = try await reading.next(EtcdSnapshotResponse.self)
                frames = reading
                isWhole = piece.remainingBytes == 0
                if !piece.blob.isEmpty { return piece.blob }
            } catch {
                switch error {
                case .failed where isWhole: return nil
                case .failed(let failure): throw failure.storeError(at: location)
                case .rested: throw StoreError(.unavailable, "the copy of the store \(location) took too long")
                }
            }
        }
        return nil
    }
}
