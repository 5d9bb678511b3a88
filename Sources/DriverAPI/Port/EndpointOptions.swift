public import NetworkModel

/// What the user asked of an endpoint. Engines give it with more than one call, and not all of it with each.
public struct EndpointOptions: Hashable, Sendable {
    /// `docker run --expose`, and what the image exposes.
    public var exposedPorts: [TransportPort]
    /// `docker run -p` and `-P`.
    public var publishedPorts: [PublishedPort]
    /// `docker network connect --driver-opt`, and what the engine adds in the same form.
    public var driverOptions: [String: String]

    public init(exposedPorts: [TransportPort] = [], publishedPorts: [PublishedPort] = [], driverOptions: [String: String] = [:]) {
        self.exposedPorts = exposedPorts
        self.publishedPorts = publishedPorts
        self.driverOptions = driverOptions
    }
}

/// A port of a sandbox that shall be reached through its host.
public struct PublishedPort: Hashable, Sendable {
    public var port: TransportPort
    /// The host's address to listen at; nil for all. The unspecified address of a family stands for all of that family.
    public var hostAddress: IPAddress?
    /// The first free one of these is taken; nil for any that is free.
    public var hostPorts: ClosedRange<UInt16>?

    public init(_ port: TransportPort, hostAddress: IPAddress? = nil, hostPorts: ClosedRange<UInt16>? = nil) {
        self.port = port
        self.hostAddress = hostAddress
        self.hostPorts = hostPorts
    }
}
