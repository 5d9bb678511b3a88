public import NetworkModel

/// Which endpoint is meant.
public struct EndpointReference: Hashable, Sendable {
    public var network: EngineNetworkID
    /// 256 random bits of the engine's: unique in the cluster too.
    public var endpoint: EndpointID

    public init(network: EngineNetworkID, endpoint: EndpointID) {
        self.network = network
        self.endpoint = endpoint
    }
}

/// An endpoint that an engine wants: without the name of its container.
public struct EngineEndpoint: Hashable, Sendable {
    public var reference: EndpointReference
    /// What an IPAM driver has given, at most one a family.
    public var addresses: [InterfaceAddress]
    /// The user's, or nil: then it is the driver's to choose.
    public var mac: MACAddress?
    public var options: EndpointOptions

    public init(
        reference: EndpointReference, addresses: [InterfaceAddress] = [], mac: MACAddress? = nil,
        options: EndpointOptions = EndpointOptions()
    ) {
        self.reference = reference
        self.addresses = addresses
        self.mac = mac
        self.options = options
    }
}

/// What a driver adds to an ``EngineEndpoint``. Of what the engine gave itself it takes no other value, so that is not sent.
public struct EndpointChoices: Hashable, Sendable {
    public var mac: MACAddress?
    /// For families that have no address yet.
    public var addresses: [InterfaceAddress]

    public init(mac: MACAddress? = nil, addresses: [InterfaceAddress] = []) {
        self.mac = mac
        self.addresses = addresses
    }
}
