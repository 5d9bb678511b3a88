import NetworkModel

/// A finding as the API shows it: an element of `GET /skein/v1/doctor`, in the order in which things depend on each other.
public struct DoctorCheckResource: Codable, Hashable, Sendable {
    public enum Status: String, Codable, Hashable, Sendable {
        case ok, warning, failed
        /// One that a newer worker knows.
        case unknown

        public init(from decoder: any Decoder) throws {
            self = Status(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
        }
    }

    public var status: Status
    public var check: String
    public var finding: String
    /// Left out when there is nothing to do.
    public var advice: String?

    public init(status: Status, check: String, finding: String, advice: String? = nil) {
        self.status = status
        self.check = check
        self.finding = finding
        self.advice = advice
    }

    enum CodingKeys: String, CodingKey {
        case status = "Status"
        case check = "Check"
        case finding = "Finding"
        case advice = "Advice"
    }
}

extension DoctorCheckResource {
    public init(_ check: DoctorCheck) {
        let status: Status =
            switch check.verdict {
            case .ok: .ok
            case .warning: .warning
            case .failed: .failed
            }
        self.init(status: status, check: check.subject, finding: check.finding, advice: check.advice)
    }
}
