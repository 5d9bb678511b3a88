import NetworkModel

/// Points in time as engines write them.
enum DockerTime {
    /// RFC 3339 with any number of decimals: `2026-11-24T23:54:31.147855315Z`, or with an offset in place of the `Z`.
    static func timestamp(ofRFC3339 text: String) -> Timestamp? {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2, let day = day(parts[0].split(separator: "-")) else { return nil }
        let clock = parts[1].prefix { !"Zz+-".contains($0) }
        let zone = parts[1].dropFirst(clock.count)
        let pieces = clock.split(separator: ".", maxSplits: 1)
        guard let first = pieces.first, let seconds = timeOfDay(first), let offset = offset(zone) else { return nil }
        let decimals = String(((pieces.count > 1 ? String(pieces[1]) : "") + "000000000").prefix(9))
        guard let nanoseconds = Int64(decimals), nanoseconds >= 0 else { return nil }
        let (whole, isTooLarge) = (day * 86_400 + seconds - offset).multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLarge ? nil : Timestamp(nanoseconds: whole &+ nanoseconds)
    }

    /// The seconds since 1970 of a `Date` field: `Tue, 24 Nov 2026 23:55:19 GMT` (RFC 9110 section 5.6.7).
    static func seconds(ofHTTPDate text: String) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
            let day = day([words[3], Substring(String(month + 1)), words[1]]), let seconds = timeOfDay(words[4])
        else { return nil }
        return day * 86_400 + seconds
    }

    private static func timeOfDay(_ text: Substring) -> Int64? {
        let numbers = text.split(separator: ":").compactMap { Int64($0) }
        guard numbers.count == 3, (0..<24).contains(numbers[0]), (0..<60).contains(numbers[1]), (0...60).contains(numbers[2]) else {
            return nil
        }
        return numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
    }

    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, let seconds = timeOfDay(text.dropFirst() + ":00") else { return nil }
        return sign == "-" ? -seconds : seconds
    }

    /// Days since 1970 of a year, month and day (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func day(_ words: [Substring]) -> Int64? {
        let numbers = words.compactMap { Int64($0) }
        guard numbers.count == 3, (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else {
            return nil
        }
        let year = numbers[0] - (numbers[1] <= 2 ? 1 : 0)
        let era = year / 400
        let yearOfEra = year - era * 400
        let shiftedMonth = (numbers[1] + 9) % 12
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + numbers[2] - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
