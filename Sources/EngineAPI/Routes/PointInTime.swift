import FoundationEssentials
import NetworkModel

/// The ways in which Docker's users name a point in time: a Go duration before now, seconds since 1970, or a date.
enum PointInTime {
    static func read(_ text: String, now: Timestamp) -> Timestamp? {
        if let duration = duration(text) { return Timestamp(nanoseconds: now.nanoseconds - duration) }
        if let seconds = Double(text), abs(seconds) < 9e9 { return Timestamp(nanoseconds: Int64(seconds * 1e9)) }
        return date(text)
    }

    /// Nanoseconds of a Go duration such as `1h30m` or `0.5s` (pkg.go.dev/time#ParseDuration), up to 200 years.
    private static func duration(_ text: String) -> Int64? {
        let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let value = Double(number), let unit = units.first(where: { $0.0 == name }) else { return nil }
            total += value * unit.1
        }
        return text.isEmpty || total > 200 * 366 * 86_400e9 ? nil : Int64(total)
    }

    private static func date(_ text: String) -> Timestamp? {
        let forms = [text, "\(text)Z", "\(text):00Z", "\(text)T00:00:00Z"]
        let styles: [Date.ISO8601FormatStyle] = [.iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for form in forms {
            for style in styles {
                guard let date = try? style.parse(form) else { continue }
                let seconds = date.timeIntervalSince1970
                return abs(seconds) < 9e9 ? Timestamp(nanoseconds: Int64(seconds * 1e9)) : nil
            }
        }
        return nil
    }
}
