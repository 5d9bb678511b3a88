import FoundationEssentials
public import NetworkModel
import X509

/// When a certificate is valid.
public struct Lifetime: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let start: Int64
    /// The last second.
    public let end: Int64

    /// A hundred years: longer is for ever.
    public static let longestDays = 36_500
    /// Hosts whose clocks are behind can use a new certificate at once.
    private static let allowance: Int64 = 3600

    /// - Parameter days: 1 to ``longestDays``, counted from `now`.
    public init(days: Int, from now: Timestamp) throws(InvalidValue) {
        guard (1...Self.longestDays).contains(days) else {
            throw InvalidValue("invalid --days \(days): it must be 1 to \(Self.longestDays)")
        }
        let now = now.seconds
        self.init(start: now - Self.allowance, end: now + Int64(days) * 86_400)
    }

    /// That of the first certificate of a PEM text, whoever has signed it.
    ///
    /// - Parameter file: where the text is from, for the sentence.
    public init(ofCertificate text: String, in file: String) throws(CertificateFault) {
        let certificate = try Authorities.first(text, of: file)
        self.init(certificate.notValidBefore, certificate.notValidAfter)
    }

    private init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    /// No certificate outlives the one that vouches for it.
    func within(_ other: Lifetime) -> Lifetime {
        Lifetime(start: max(start, other.start), end: min(end, other.end))
    }

    init(_ start: Date, _ end: Date) {
        self.init(start: Int64(start.timeIntervalSince1970), end: Int64(end.timeIntervalSince1970))
    }

    var dates: (start: Date, end: Date) {
        (Date(timeIntervalSince1970: TimeInterval(start)), Date(timeIntervalSince1970: TimeInterval(end)))
    }

    public func contains(_ instant: Timestamp) -> Bool {
        (start...max(start, end)).contains(instant.seconds)
    }

    /// Whether it is time to renew: less than thirty days are left, and less than a third of it, so that short lives are not always near their end.
    public func isNearEnd(at now: Timestamp) -> Bool {
        let rest = end - now.seconds
        return rest < 30 * 86_400 && rest < (end - start) / 3
    }

    /// The day of its first second in UTC, such as `2026-01-31`.
    public var firstDay: String { Timestamp.day(ofSecond: start) }
    /// The day of its last second. RFC 5280 (4.1.2.5) has 9999-12-31 for certificates without an end.
    public var lastDay: String { Timestamp.day(ofSecond: end) }
}
