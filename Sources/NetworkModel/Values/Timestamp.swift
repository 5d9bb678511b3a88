/// A point in time for people to read: never compared to decide anything (lesson 16).
public struct Timestamp: Codable, Hashable, Sendable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let nanoseconds: Int64

    /// Whole seconds since then, rounded down.
    public var seconds: Int64 { nanoseconds.dividedFlooring(by: 1_000_000_000) }

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public init(from decoder: any Decoder) throws {
        nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with nine decimals: Docker's `RFC3339Nano`.
    public var description: String {
        let seconds = seconds
        let ofDay = seconds - seconds.dividedFlooring(by: 86_400) * 86_400
        // Wraps for the earliest instants, whose whole second is out of range, and comes out right.
        let fraction = nanoseconds &- seconds &* 1_000_000_000
        let time = "\(Self.padded(ofDay / 3600, 2)):\(Self.padded(ofDay / 60 % 60, 2)):\(Self.padded(ofDay % 60, 2))"
        return "\(Self.day(ofSecond: seconds))T\(time).\(Self.padded(fraction, 9))Z"
    }

    /// The day in UTC of a second since 1970-01-01T00:00:00Z, such as `2026-01-31`; also of seconds that are out of this type's range.
    public static func day(ofSecond second: Int64) -> String {
        let (year, month, day) = civil(fromDays: second.dividedFlooring(by: 86_400))
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Days since the epoch to a date of the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted.dividedFlooring(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func dividedFlooring(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
