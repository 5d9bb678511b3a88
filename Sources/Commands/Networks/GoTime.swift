/// Points in time as Go prints them.
enum GoTime {
    /// `2026-01-01T00:00:00.5Z` as `2026-01-01 00:00:00.5 +0000 UTC`; what is not in UTC stays as it is.
    static func text(_ rfc3339: String) -> String {
        guard rfc3339.hasSuffix("Z"), let separator = rfc3339.firstIndex(of: "T") else { return rfc3339 }
        var time = rfc3339[rfc3339.index(after: separator)...].dropLast()
        if time.contains(".") {
            while time.last == "0" { time = time.dropLast() }
            if time.last == "." { time = time.dropLast() }
        }
        return "\(rfc3339[..<separator]) \(time) +0000 UTC"
    }
}

extension [String: String] {
    /// Docker's `key=value,key=value`.
    var labelText: String {
        sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
