import NetworkModel

/// The values of `--cluster-store-opt` by their keys, each given once.
struct StoreOptionValues {
    enum Key: String, CaseIterable {
        case authority = "kv.cacertfile"
        case certificate = "kv.certfile"
        case key = "kv.keyfile"
        case path = "kv.path"
        case timeout = "kv.timeout"
        case user = "kv.username"
        case passwordFile = "kv.passwordfile"
        case password = "kv.password"
        case heartbeat = "discovery.heartbeat"
        case timeToLive = "discovery.ttl"
        case consulToken = "consul.token"
        case consulTokenFile = "consul.token-file"
        case consulDatacenter = "consul.datacenter"
        case consulNamespace = "consul.namespace"
    }

    private var values: [Key: String] = [:]

    /// A refusal names a key and never shows a value that may be a password.
    init(_ options: [String]) throws(InvalidValue) {
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw InvalidValue("invalid --cluster-store-opt \"\(Self.shown(option))\": it must be like discovery.ttl=60")
            }
            guard let key = Key(rawValue: parts[0]) else {
                let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidValue("unknown --cluster-store-opt \"\(Self.shown(parts[0]))\": known are \(known)")
            }
            guard values.updateValue(parts[1], forKey: key) == nil else {
                throw InvalidValue("--cluster-store-opt \(key.rawValue) is given twice: leave one out")
            }
        }
    }

    /// An option that is wrong, without what may be a password or a token.
    private static func shown(_ option: String) -> String {
        for (secret, file) in [
            (Key.password.rawValue, Key.passwordFile.rawValue), (Key.consulToken.rawValue, Key.consulTokenFile.rawValue),
        ]
        where option.hasPrefix(secret) && !option.hasPrefix(file) {
            return option.count > secret.count ? secret + "…" : secret
        }
        return option
    }

    subscript(key: Key) -> String? { values[key] }

    /// The keys of those that have no value.
    func missing(of keys: [Key]) -> [String] { keys.filter { values[$0] == nil }.map(\.rawValue) }

    /// A year is longer than any store keeps a lease.
    private static let longest = 365 * 86_400

    func seconds(_ key: Key) throws(InvalidValue) -> Int? {
        guard let text = values[key] else { return nil }
        guard let number = Int(text), (1...Self.longest).contains(number) else {
            throw InvalidValue("invalid --cluster-store-opt \(key.rawValue)=\(text): it must be a positive number of seconds")
        }
        return number
    }
}
