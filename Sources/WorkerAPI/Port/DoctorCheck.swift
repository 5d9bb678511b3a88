/// One thing that `skein doctor` looked at, and what it found.
public struct DoctorCheck: Hashable, Sendable {
    public enum Verdict: String, Codable, Hashable, Sendable {
        case ok
        /// It works, and something about it will surprise.
        case warning
        case failed
    }

    public var verdict: Verdict
    /// What was looked at, in a word or three: `cluster store`.
    public var subject: String
    /// What was found, naming the offender.
    public var finding: String
    /// What to do about it; nil when there is nothing to do.
    public var advice: String?

    public init(_ verdict: Verdict, _ subject: String, _ finding: String, advice: String? = nil) {
        self.verdict = verdict
        self.subject = subject
        self.finding = finding
        self.advice = advice
    }
}

/// What stands behind `skein doctor`: a worker, which looks at itself, its host and the engine beside it.
public protocol DoctorBackend: Sendable {
    /// Looks at everything, each thing within a bound, whatever else does not answer.
    func examine() async -> [DoctorCheck]
}
