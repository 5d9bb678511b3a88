public import NetworkModel

/// A sandbox that an endpoint gets an interface in.
public struct SandboxJoining: Hashable, Sendable {
    public var endpoint: EndpointReference
    /// The file of the sandbox's network namespace, such as `/var/run/docker/netns/30add452edd4`: not empty, and not to be entered.
    public var sandboxPath: String
    public var options: EndpointOptions

    public init(endpoint: EndpointReference, sandboxPath: String, options: EndpointOptions = EndpointOptions()) {
        self.endpoint = endpoint
        self.sandboxPath = sandboxPath
        self.options = options
    }
}

/// The device for a sandbox, and where its traffic goes.
public struct JoinedInterface: Hashable, Sendable {
    /// A route besides that of the interface's own subnet.
    public struct Route: Hashable, Sendable {
        public var destination: Subnet
        /// nil: reached at the interface itself.
        public var nextHop: IPAddress?

        public init(to destination: Subnet, nextHop: IPAddress? = nil) {
            self.destination = destination
            self.nextHop = nextHop
        }
    }

    /// The device's name in the namespace of the engine, at most 15 bytes (IFNAMSIZ).
    public var device: String
    /// The engine appends a number to it in the sandbox: `eth` makes `eth0`, `eth1` …
    public var namePrefix: String
    /// Where the default routes lead, at most one a family; none on an internal network.
    public var gateways: [IPAddress]
    public var routes: [Route]

    public init(device: String, namePrefix: String = "eth", gateways: [IPAddress] = [], routes: [Route] = []) {
        self.device = device
        self.namePrefix = namePrefix
        self.gateways = gateways
        self.routes = routes
    }
}
