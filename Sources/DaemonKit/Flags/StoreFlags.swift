public import ArgumentParser

/// The flags that name a cluster store.
public struct StoreFlags: ParsableArguments {
    @Option(name: .customLong("cluster-store"), help: ArgumentHelp("Where the cluster's records are kept.", valueName: "url"))
    public var store: String?

    @Option(
        name: .customLong("cluster-store-opt"), parsing: .singleValue,
        help: ArgumentHelp(
            "An option of the store: kv.cacertfile, kv.certfile, kv.keyfile, kv.username, kv.passwordfile, kv.password (ps shows it),"
                + " kv.path, kv.timeout, discovery.heartbeat, discovery.ttl, consul.token-file, consul.token (ps shows it), consul.datacenter or"
                + " consul.namespace.",
            valueName: "key=value"))
    public var storeOptions: [String] = []

    public init() {}
}
