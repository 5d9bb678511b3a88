public import NetworkModel

/// What the first packet of a connection is sent to.
public struct PortArrival: Hashable, Sendable {
    public var transport: TransportProtocol
    /// One of the namespace's own addresses; the unspecified one stands for all of its family that are not named themselves.
    public var address: IPAddress
    public var port: UInt16

    public init(_ transport: TransportProtocol, _ address: IPAddress, port: UInt16) {
        self.transport = transport
        self.address = address
        self.port = port
    }
}

/// Where it goes instead, by the same protocol.
public struct PortDestination: Hashable, Sendable {
    /// Of the family of the ``PortArrival``.
    public var address: IPAddress
    public var port: UInt16

    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}
