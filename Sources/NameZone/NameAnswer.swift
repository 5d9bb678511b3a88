public import NetworkModel

/// What the zone says to one question.
public enum NameAnswer: Hashable, Sendable {
    /// All addresses of one family, never empty, rotated.
    case addresses([IPAddress])
    /// The names of an address, without a final dot, never empty.
    case pointers([String])
    /// The name is ours and has no record of the type: NODATA (RFC 2308 section 2.2).
    case noData
    /// The name would be ours and nobody has it: NXDOMAIN.
    case absent
    /// The name is not ours: whoever knows the rest of the world is to be asked.
    case foreign
    /// The name is not ours, and the asker is on internal networks only.
    case foreignFromInternal
    /// What the answer depends on has not been read from the store yet: SERVFAIL.
    case unknown
}
