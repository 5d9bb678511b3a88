import EtcdProtocol

/// The newest revision that a store's answers have shown. An answer below it is stale: reads are linearizable. One of another cluster is of
/// an endpoint that is not ours. Or the store was restored, or made anew: then a second answer, asked for after the first was doubted, says
/// so too and is believed.
struct RevisionFloor: Sendable {
    /// What was known when a call was made.
    struct Mark: Sendable {
        let newest: Int64
        let cluster: UInt64
        fileprivate let isSecondLook: Bool

        /// Whether an answer is of the cluster that was known; a head that does not tell may be.
        func knows(_ head: EtcdResponseHeader) -> Bool { head.clusterID == cluster || head.clusterID == 0 || cluster == 0 }
    }

    private var newest: Int64 = 0
    private var cluster: UInt64 = 0
    private var isInDoubt = false

    /// To be taken before a call is made: an answer to an earlier one may arrive later.
    var mark: Mark { Mark(newest: newest, cluster: cluster, isSecondLook: isInDoubt) }

    /// Whether an answer is believed.
    ///
    /// - Parameter isNew: whether it must be above everything that was seen: it tells of a write.
    mutating func believes(_ head: EtcdResponseHeader, isNew: Bool, since mark: Mark) -> Bool {
        let revision = head.revision
        if mark.knows(head), isNew ? revision > mark.newest : revision >= mark.newest {
            newest = max(newest, revision)
            if head.clusterID != 0 { cluster = head.clusterID }
            isInDoubt = false
            return true
        }
        guard mark.isSecondLook, isInDoubt else {
            isInDoubt = true
            return false
        }
        (newest, cluster) = (revision, head.clusterID)
        isInDoubt = false
        // What it tells of a write remains unknown.
        return !isNew
    }
}
