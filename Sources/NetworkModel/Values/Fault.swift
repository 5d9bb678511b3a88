/// What went wrong, in the few kinds that a caller can act on.
///
/// Modules throw their own typed errors; at a module's border every error is a ``Fault``. Only the API floor turns a kind into an
/// HTTP status.
public enum FaultKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// The named thing is not there.
    case notFound
    /// Somebody else holds what was asked for: a name, an address, a pool.
    case conflict
    /// A pool, a range of VNIs or a similar supply is used up.
    case exhausted
    /// A store, node or kernel did not answer in time; trying again later may succeed.
    case unavailable
    /// The request itself is wrong and will be wrong again.
    case invalid
    /// The request is understood and not allowed in the present state, or the caller lacks a privilege.
    case forbidden
    /// A known option that this version, kernel or store cannot honour.
    case unsupported
    /// A kind that a newer peer sent and this version does not know.
    case unknown

    /// Decodes a kind a newer peer may have added as ``unknown``.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = FaultKind(rawValue: text) ?? .unknown
    }
}

/// An error with a kind and a sentence for the user.
///
/// The sentence names the offender, starts in lower case, ends without a full stop and says what to do next where that is known.
public protocol Fault: Error, Sendable, CustomStringConvertible {
    var kind: FaultKind { get }
    var message: String { get }
}

extension Fault {
    public var description: String { message }
}

/// A value that does not satisfy its type's rules: the fault every failing `init` of this module throws.
public struct InvalidValue: Fault, Hashable {
    public let message: String
    public var kind: FaultKind { .invalid }

    public init(_ message: String) {
        self.message = message
    }
}
