/// Whether a watch believes a snapshot at first sight.
///
/// Whoever watches tears down what a snapshot lacks. A store that has lost its data, or something before it that answers with nothing or
/// with what was, would have everything torn down at once. So a snapshot that takes away most of what was told, or is older than it, is
/// believed only when a second look finds the same: keys do go, and a store that was restored does go back in time.
public struct SecondLook: Sendable {
    /// What speaks against a snapshot.
    public enum Doubt: Hashable, Sendable, CustomStringConvertible {
        case mostIsGone
        case isOlder

        public var description: String {
            switch self {
            case .mostIsGone: "most of what was there is gone"
            case .isOlder: "it is older than what was seen"
            }
        }
    }

    /// The hashes of the keys that the watch has told of: of many keys, their names would weigh more.
    private var known: Set<Int> = []
    private var reached = StoreRevision.zero
    private var doubt: Doubt?

    public init() {}

    /// Looks at everything that was listed.
    ///
    /// - Returns: what speaks against it, when another look is due; nil if it is believed, and known from now on.
    public mutating func doubt(about snapshot: StoreSnapshot) -> Doubt? {
        let keys = Set(snapshot.entries.map(\.key.hashValue))
        let found = objection(to: keys, at: snapshot.revision)
        guard found == nil || found == doubt else {
            doubt = found
            return found
        }
        (known, reached, doubt) = (keys, snapshot.revision, nil)
        return nil
    }

    /// Takes what a watch tells after a snapshot.
    public mutating func take(_ changes: [StoreChange], at revision: StoreRevision) {
        reached = revision
        for change in changes {
            switch change {
            case .put(let entry): known.insert(entry.key.hashValue)
            case .deleted(let key): known.remove(key.hashValue)
            }
        }
    }

    private func objection(to keys: Set<Int>, at revision: StoreRevision) -> Doubt? {
        if revision < reached { return .isOlder }
        return known.intersection(keys).count * 2 < known.count ? .mostIsGone : nil
    }
}
