public import ClusterStore
import ConsulStore
import EtcdStore
import FoundationEssentials
public import HTTPTransport
import Logging
public import NetworkModel

/// The cluster store that the flags choose.
public struct StoreChoice: Hashable, Sendable {
    public let place: StoreURL.Place
    /// The prefix of all keys, without slashes at its ends.
    public let root: String
    public let options: StoreOptions
    let consul: ConsulAccess

    private static let usualRoot = "skein"

    /// - Parameters:
    ///   - url: the value of `--cluster-store`.
    ///   - options: the values of `--cluster-store-opt`.
    ///   - environment: where Consul's token may be, too; nil for that of the process.
    public init(
        url: String, options: [String], environment: [String: String]? = nil
    ) throws(InvalidValue) {
        let url = try StoreURL(url)
        let options = try StoreOptions(options)
        if let path = url.root, let other = options.root, path != other {
            throw InvalidValue("the path \"\(path)\" of --cluster-store \(url) and kv.path \"\(other)\" differ: give one of them")
        }
        if case .embedded = url.place, options.tls != nil || options.credentials != nil || options.timeout != nil {
            throw InvalidValue(
                "--cluster-store \(url) is in this process: it has no use for kv.cacertfile, kv.certfile, kv.keyfile, kv.timeout,"
                    + " kv.username and its password; leave them out")
        }
        if case .consul = url.place {
            consul = options.consul.access(in: environment ?? ProcessInfo.processInfo.environment)
            try Self.check(options, fitConsulAt: url)
        } else {
            consul = ConsulAccess()
            if let name = options.consul.given.first { throw InvalidValue("--cluster-store-opt \(name) is for consul://, not for \(url)") }
        }
        self.place = url.place
        self.root = url.root ?? options.root ?? Self.usualRoot
        self.options = options
    }

    public init(_ flags: ClusterFlags) throws(InvalidValue) {
        try self.init(flags.place)
    }

    public init(_ flags: StoreFlags) throws(InvalidValue) {
        let url = try ClusterFlags.required(flags.store, "--cluster-store", like: "etcd://10.0.0.1:2379")
        try self.init(url: url, options: flags.storeOptions)
    }

    private static func check(_ options: StoreOptions, fitConsulAt url: StoreURL) throws(InvalidValue) {
        guard options.credentials == nil else {
            throw InvalidValue("--cluster-store-opt kv.username is for etcd://, not for \(url): give consul.token-file")
        }
        guard options.timeToLive <= .seconds(86_400) else {
            throw InvalidValue("--cluster-store-opt discovery.ttl is too long: Consul keeps a node for 86400 seconds at most")
        }
    }

    /// The servers of a store that is elsewhere; nil for one in this process.
    public var servers: [StoreServer]? {
        switch place {
        case .etcd(let servers), .consul(let servers): servers
        case .embedded: nil
        }
    }

    /// The client of a store on servers; it connects when it is first used.
    public func connect(to servers: [StoreServer], _ ports: DaemonPorts) throws(HTTPError) -> any ClusterStore {
        let http = try HTTPClient(tls: options.tls, logger: ports.logger)
        if options.credentials != nil, options.tls == nil {
            ports.logger.warning("the password of the store goes over the network in clear text: give --cluster-store-opt kv.cacertfile")
        }
        let endpoints = servers.map { ServerEndpoint(host: $0.host, port: $0.port, isSecure: options.tls != nil) }
        if case .consul = place {
            return ConsulStore(
                endpoints: endpoints, root: root, access: consul, http: http, clock: ports.clock, randomness: ports.randomness,
                patience: options.timeout, logger: ports.logger)
        }
        return EtcdStore(
            endpoints: endpoints, root: root, http: http, credentials: options.credentials, clock: ports.clock,
            randomness: ports.randomness, patience: options.timeout, logger: ports.logger)
    }
}
