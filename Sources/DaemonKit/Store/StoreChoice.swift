public import ClusterStore
import EtcdStore
public import HTTPTransport
import Logging
public import NetworkModel

/// The cluster store that the flags choose.
public struct StoreChoice: Hashable, Sendable {
    public let place: StoreURL.Place
    /// The prefix of all keys, without slashes at its ends.
    public let root: String
    public let options: StoreOptions

    private static let usualRoot = "skein"

    /// - Parameters:
    ///   - url: the value of `--cluster-store`.
    ///   - options: the values of `--cluster-store-opt`.
    public init(url: String, options: [String]) throws(InvalidValue) {
        let url = try StoreURL(url)
        let options = try StoreOptions(options)
        if let path = url.root, let other = options.root, path != other {
            throw InvalidValue("the path \"\(path)\" of --cluster-store \(url) and kv.path \"\(other)\" differ: give one of them")
        }
        if case .embedded = url.place, options.tls != nil || options.credentials != nil {
            throw InvalidValue(
                "--cluster-store \(url) is in this process: it has no use for kv.cacertfile, kv.certfile, kv.keyfile, kv.username and its"
                    + " password; leave them out")
        }
        self.place = url.place
        self.root = url.root ?? options.root ?? Self.usualRoot
        self.options = options
    }

    public init(_ flags: ClusterFlags) throws(InvalidValue) {
        let url = try ClusterFlags.required(flags.store, "--cluster-store", like: "etcd://10.0.0.1:2379")
        try self.init(url: url, options: flags.storeOptions)
    }

    /// The client of a store on servers; it connects when it is first used.
    public func connect(to servers: [StoreServer], _ ports: DaemonPorts) throws(HTTPError) -> any ClusterStore {
        let http = try HTTPClient(tls: options.tls, logger: ports.logger)
        if options.credentials != nil, options.tls == nil {
            ports.logger.warning("the password of the store goes over the network in clear text: give --cluster-store-opt kv.cacertfile")
        }
        let endpoints = servers.map { EtcdEndpoint(host: $0.host, port: $0.port, isSecure: options.tls != nil) }
        return EtcdStore(
            endpoints: endpoints, root: root, http: http, credentials: options.credentials, clock: ports.clock,
            randomness: ports.randomness,
            logger: ports.logger)
    }
}
