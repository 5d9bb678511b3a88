public import HTTPTransport
public import NetworkModel

/// Docker's `--cluster-store-opt`: how to talk to the store, and how long a node is believed alive.
public struct StoreOptions: Hashable, Sendable {
    /// `kv.path`: the prefix of all keys, without slashes at its ends.
    public let root: String?
    /// `kv.cacertfile`, `kv.certfile` and `kv.keyfile`: with them the store is spoken to over TLS.
    public let tls: TLSFiles?
    /// `kv.username` with `kv.passwordfile` or `kv.password`.
    public let credentials: Credentials?
    /// `kv.timeout`: how long the store may take to answer a call; nil for a second.
    public let timeout: Duration?
    /// `discovery.heartbeat`: how often a node renews its lease.
    public let heartbeat: Duration
    /// `discovery.ttl`: how long a node that does not is believed alive.
    public let timeToLive: Duration
    /// `consul.token`, `consul.token-file`, `consul.datacenter` and `consul.namespace`.
    public let consul: ConsulOptions

    /// What the store is shown of us, if anything.
    public var certificate: OwnCertificate? { tls?.certificateFile.map(OwnCertificate.init) }

    /// - Parameter options: each `key=value`.
    public init(_ options: [String] = []) throws(InvalidValue) {
        let values = try StoreOptionValues(options)
        root = try StoreOptions.root(values[.path])
        tls = try StoreOptions.files(values)
        credentials = try StoreOptions.credentials(values)
        (heartbeat, timeToLive) = try StoreOptions.times(values)
        timeout = try StoreOptions.timeout(values, heartbeat: heartbeat, timeToLive: timeToLive)
        consul = try ConsulOptions(values)
    }

    private static func root(_ path: String?) throws(InvalidValue) -> String? {
        guard let path else { return nil }
        let trimmed = StoreURL.trimmed(path)
        guard !trimmed.isEmpty, StoreURL.isRoot(trimmed) else {
            throw InvalidValue(
                "invalid --cluster-store-opt kv.path \"\(path)\": it cannot be a path of keys; write one without blanks, such as prod/skein"
            )
        }
        return String(trimmed)
    }

    /// The authority alone, or with a certificate of our own and its key. Docker went without TLS, silently, when one of the three was missing.
    private static func files(_ values: StoreOptionValues) throws(InvalidValue) -> TLSFiles? {
        let (authority, certificate, key) = (values[.authority], values[.certificate], values[.key])
        guard authority != nil || certificate != nil || key != nil else { return nil }
        guard authority != nil, (certificate == nil) == (key == nil) else {
            let missing = values.missing(of: [.authority, .certificate, .key])
            throw InvalidValue(
                "--cluster-store-opt \(missing.joined(separator: ", ")) is missing: TLS needs kv.cacertfile alone, or with it both"
                    + " kv.certfile and kv.keyfile")
        }
        return TLSFiles(caFile: authority, certificateFile: certificate, keyFile: key)
    }

    private static func credentials(_ values: StoreOptionValues) throws(InvalidValue) -> Credentials? {
        let password: Secret?
        switch (values[.password], values[.passwordFile]) {
        case (nil, nil): password = nil
        case (let text?, nil): password = .text(text)
        case (nil, let file?): password = .file(file)
        case (_?, _?): throw InvalidValue("--cluster-store-opt kv.password and kv.passwordfile are both given: give one of them")
        }
        switch (values[.user], password) {
        case (nil, nil): return nil
        case (let user?, let password?): return Credentials(user: user, password: password)
        case (_?, nil): throw InvalidValue("--cluster-store-opt kv.passwordfile is missing: kv.username needs a password")
        case (nil, _?): throw InvalidValue("--cluster-store-opt kv.username is missing: a password is of no use without it")
        }
    }

    /// When a server does not answer the renewal of a lease, it must fail in time for another to answer it.
    private static func timeout(
        _ values: StoreOptionValues, heartbeat: Duration, timeToLive: Duration
    ) throws(InvalidValue) -> Duration? {
        guard let timeout = try values.seconds(.timeout) else { return nil }
        guard .seconds(timeout) * 2 <= timeToLive - heartbeat else {
            let needed = try values.seconds(.heartbeat).map { $0 + 2 * timeout } ?? 3 * timeout
            throw InvalidValue(
                "--cluster-store-opt kv.timeout=\(timeout) is too long for a lease, which must be renewed in time when a server is silent:"
                    + " give less, or discovery.ttl=\(needed) at least")
        }
        return .seconds(timeout)
    }

    /// Docker's rules: each is derived from the other by a factor of three where only one is given, and 20 s and 60 s where none is.
    private static func times(_ values: StoreOptionValues) throws(InvalidValue) -> (heartbeat: Duration, timeToLive: Duration) {
        let heartbeat = try values.seconds(.heartbeat)
        let timeToLive = try values.seconds(.timeToLive)
        switch (heartbeat, timeToLive) {
        case (nil, nil): return (.seconds(20), .seconds(60))
        case (let heartbeat?, nil): return (.seconds(heartbeat), .seconds(heartbeat) * 3)
        case (nil, let timeToLive?): return (.seconds(timeToLive) / 3, .seconds(timeToLive))
        case (let heartbeat?, let timeToLive?):
            guard timeToLive > heartbeat else {
                throw InvalidValue(
                    "--cluster-store-opt discovery.ttl=\(timeToLive) must be greater than discovery.heartbeat=\(heartbeat):"
                        + " give three times as much, or leave it out")
            }
            return (.seconds(heartbeat), .seconds(timeToLive))
        }
    }
}
