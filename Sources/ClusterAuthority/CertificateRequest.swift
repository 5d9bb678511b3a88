public import NetworkModel

/// What a certificate shall say.
public struct CertificateRequest: Hashable, Sendable {
    public enum Purpose: Hashable, Sendable {
        /// A host of the cluster: it is called by these names, and calls others (a controller, a store's server, a worker).
        case node([ServerName])
        /// A person or a program that only calls.
        case client
    }

    /// The name: for people, who read it in logs; nothing is decided by it.
    public let subject: String
    public let purpose: Purpose
    /// Whether the name is the certificate's common name. It is the organization's otherwise: an etcd with users takes no certificate with a
    /// common name from who signs in over its JSON gateway.
    public let hasCommonName: Bool

    /// The bound of a common name and of an organization's (RFC 5280 appendix A, `ub-common-name`, `ub-organization-name`).
    private static let longestSubject = 64

    public init(subject: String, purpose: Purpose, hasCommonName: Bool = true) throws(InvalidValue) {
        self.subject = try Self.checked(subject)
        self.purpose = purpose
        self.hasCommonName = hasCommonName
    }

    static func checked(_ subject: String) throws(InvalidValue) -> String {
        let isPlain = subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard isPlain, (1...longestSubject).contains(subject.unicodeScalars.count) else {
            throw InvalidValue("invalid name \"\(subject)\": it must have 1 to \(longestSubject) characters")
        }
        return subject
    }
}
