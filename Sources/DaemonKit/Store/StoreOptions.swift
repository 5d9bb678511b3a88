public import HTTPTransport
public import NetworkModel

/// Docker's `--cluster-store-opt`: how to talk to the store, and how long a node is believed alive.
public struct StoreOptions: Hashable, Sendable {
    /// `kv.path`: the prefix of all keys, without slashes at its ends.
    public let root: String?
    /// `kv.cacertfile`, `kv.certfile` and `kv.keyfile`: with them the store is spoken to over TLS.
    public let tls: TLSFiles?
    /// `discovery.heartbeat`: how often a node renews its lease.
    public let heartbeat: Duration
    /// `discovery.ttl`: how long a node that does not is believed alive.
    public let timeToLive: Duration

    private static let known = ["kv.cacertfile", "kv.certfile", "kv.keyfile", "kv.path", "discovery.heartbeat", "discovery.ttl"]

    /// - Parameter options: each `key=value`.
    public init(_ options: [String] = []) throws(InvalidValue) {
        let values = try StoreOptions.values(options)
        root = try StoreOptions.root(values["kv.path"])
        tls = try StoreOptions.files(values)
        (heartbeat, timeToLive) = try StoreOptions.times(values)
    }

    private static func values(_ options: [String]) throws(InvalidValue) -> [String: String] {
        var values: [String: String] = [:]
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw InvalidValue("invalid --cluster-store-opt \"\(option)\": it must be like discovery.ttl=60")
            }
            guard known.contains(parts[0]) else {
                throw InvalidValue("unknown --cluster-store-opt \"\(parts[0])\": known are \(known.joined(separator: ", "))")
            }
            guard values.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw InvalidValue("--cluster-store-opt \(parts[0]) is given twice")
            }
        }
        return values
    }

    private static func root(_ path: String?) throws(InvalidValue) -> String? {
        guard let path else { return nil }
        let trimmed = StoreURL.trimmed(path)
        guard !trimmed.isEmpty, StoreURL.isRoot(trimmed) else {
            throw InvalidValue("invalid --cluster-store-opt kv.path \"\(path)\": it cannot be a path of keys")
        }
        return String(trimmed)
    }

    private static func files(_ values: [String: String]) throws(InvalidValue) -> TLSFiles? {
        let names = ["kv.cacertfile", "kv.certfile", "kv.keyfile"]
        let missing = names.filter { values[$0] == nil }
        guard missing.count < names.count else { return nil }
        guard missing.isEmpty, let authority = values[names[0]], let certificate = values[names[1]], let key = values[names[2]] else {
            throw InvalidValue(
                "--cluster-store-opt \(missing.joined(separator: ", ")) is missing: TLS needs all of \(names.joined(separator: ", "))")
        }
        return TLSFiles(caFile: authority, certificateFile: certificate, keyFile: key)
    }

    /// Docker's rules: each is derived from the other by a factor of three where only one is given, and 20 s and 60 s where none is.
    private static func times(_ values: [String: String]) throws(InvalidValue) -> (heartbeat: Duration, timeToLive: Duration) {
        let heartbeat = try seconds("discovery.heartbeat", in: values)
        let timeToLive = try seconds("discovery.ttl", in: values)
        switch (heartbeat, timeToLive) {
        case (nil, nil): return (.seconds(20), .seconds(60))
        case (let heartbeat?, nil): return (.seconds(heartbeat), .seconds(heartbeat) * 3)
        case (nil, let timeToLive?): return (.seconds(timeToLive) / 3, .seconds(timeToLive))
        case (let heartbeat?, let timeToLive?):
            guard timeToLive > heartbeat else {
                throw InvalidValue(
                    "--cluster-store-opt discovery.ttl=\(timeToLive) must be greater than discovery.heartbeat=\(heartbeat)")
            }
            return (.seconds(heartbeat), .seconds(timeToLive))
        }
    }

    /// A year is longer than any store keeps a lease.
    private static let longest = 365 * 86_400

    private static func seconds(_ name: String, in values: [String: String]) throws(InvalidValue) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), (1...longest).contains(number) else {
            throw InvalidValue("invalid --cluster-store-opt \(name)=\(text): it must be a positive number of seconds")
        }
        return number
    }
}
