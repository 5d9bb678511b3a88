/// Which losses of a store are believed at once.
///
/// Whatever is deleted one by one is; what vanishes in a crowd, or together with something that only this worker takes away, may be a store that
/// lost its data or answers wrongly, and is not: somebody looks again first (lesson 10).
enum LossRule {
    /// All: nobody else writes to the store.
    case first
    case secondLook

    /// A crowd is more than this, and more than half of what is known.
    private static let crowd = 8

    /// - Parameter isOwn: whether something of this node's is among what is lost.
    func believes(_ lost: Int, of known: Int, isOwn: Bool) -> Bool {
        self == .first || !isOwn && !(lost > Self.crowd && lost * 2 > known)
    }

    var believesLossOfOwn: Bool { self == .first }
}
