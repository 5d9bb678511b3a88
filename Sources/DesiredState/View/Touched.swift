public import NetworkModel

/// What a change of the view may have changed in the plans.
public struct Touched: Hashable, Sendable {
    /// Networks of which anything besides neighbours and forwarding entries may be different, or whether they exist here.
    public var networks: Set<NetworkID> = []
    /// Endpoints of this node that came, went or changed.
    public var attachments: [NetworkID: Set<EndpointID>] = [:]
    public var sandboxes: Set<SandboxID> = []
    /// Neighbours and forwarding entries, in no order and perhaps repeated.
    public var entries: [NetworkID: TouchedEntries] = [:]

    public init() {}
}

public struct TouchedEntries: Hashable, Sendable {
    public var addresses: [IPAddress] = []
    public var macs: [MACAddress] = []
    /// Whether the VTEPs to flood to may be others.
    public var participants = false

    public init(addresses: [IPAddress] = [], macs: [MACAddress] = []) {
        self.addresses = addresses
        self.macs = macs
    }

    mutating func add(_ addresses: [IPAddress], _ mac: MACAddress) {
        self.addresses += addresses
        macs.append(mac)
    }

    mutating func merge(_ other: TouchedEntries) {
        addresses += other.addresses
        macs += other.macs
        participants = participants || other.participants
    }
}
