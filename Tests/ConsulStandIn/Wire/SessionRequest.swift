import Foundation

/// The body of `/v1/session/create`, with Consul's defaults for what it does not say.
struct SessionRequest: Sendable {
    let namespace: String
    let name: String
    let behavior: String
    let lockDelay: Duration
    let checks: [String]
    private let ttl: String

    private struct Body: Decodable {
        let Name: String?
        let Behavior: String?
        let TTL: String?
        let LockDelay: Delay?
        let Checks: [String]?
        let NodeChecks: [String]?
    }

    /// A duration as Go writes it, or a number of nanoseconds; small numbers are seconds.
    private struct Delay: Decodable {
        let duration: Duration

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                duration = GoDuration.parse(text) ?? .seconds(15)
            } else {
                let number = try value.decode(Int64.self)
                duration = number < 1000 ? .seconds(number) : .nanoseconds(number)
            }
        }
    }

    init(_ body: Data, namespace: String) throws {
        let body = body.isEmpty ? nil : try JSONDecoder().decode(Body.self, from: body)
        self.namespace = namespace
        name = body?.Name ?? ""
        behavior = body?.Behavior.flatMap { $0.isEmpty ? nil : $0 } ?? "release"
        lockDelay = body?.LockDelay?.duration ?? .seconds(15)
        checks = body?.NodeChecks ?? body?.Checks ?? ["serfHealth"]
        ttl = body?.TTL ?? ""
    }

    func checkedTTL(atLeast least: Duration) throws(TxnRefusal) -> Duration? {
        guard !ttl.isEmpty else { return nil }
        guard let duration = GoDuration.parse(ttl) else { throw TxnRefusal("Session TTL '\(ttl)' invalid: time: invalid duration") }
        guard duration != .zero else { return nil }
        guard duration >= least, duration <= .seconds(86_400) else {
            throw TxnRefusal("Invalid Session TTL '\(ttl)', must be between [\(least)=24h0m0s]")
        }
        return duration
    }
}

/// Go's way to write a duration: `5m`, `1h30m`, `500ms`.
enum GoDuration {
    static func parse(_ text: String) -> Duration? {
        var (total, rest) = (Duration.zero, Substring(text))
        guard rest != "0" else { return .zero }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let count = Double(number), let length = units[String(unit)] else { return nil }
            total += length * count
        }
        return text.isEmpty ? nil : total
    }

    private static let units: [String: Duration] = [
        "h": .seconds(3600), "m": .seconds(60), "s": .seconds(1), "ms": .milliseconds(1), "us": .microseconds(1), "ns": .nanoseconds(1),
    ]
}
