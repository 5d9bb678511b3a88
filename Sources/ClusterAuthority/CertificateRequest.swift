public import NetworkModel

/// What a certificate shall say.
public struct CertificateRequest: Hashable, Sendable {
    public enum Purpose: Hashable, Sendable {
        /// A host of the cluster: it is called by these names, and calls others (a controller, a store's server, a worker).
        case node([ServerName])
        /// A person or a program that only calls.
        case client
    }

    /// The common name: for people, who read it in logs; nothing is decided by it.
    public let subject: String
    public let purpose: Purpose

    /// The bound of a common name (RFC 5280 appendix A, `ub-common-name`).
    private static let longestSubject = 64

    public init(subject: String, purpose: Purpose) throws(InvalidValue) {
        self.subject = try Self.checked(subject)
        self.purpose = purpose
    }

    static func checked(_ subject: String) throws(InvalidValue) -> String {
        let isPlain = subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard isPlain, (1...longestSubject).contains(subject.unicodeScalars.count) else {
            throw InvalidValue("invalid name \"\(subject)\": it must have 1 to \(longestSubject) characters")
        }
        return subject
    }
}
