/// What Skein asks of the packet filter in a namespace, in its own table.
public struct PacketRules: Hashable, Sendable {
    /// Packets that leave by one of these devices from elsewhere than it get its address as their source. A trailing `*` matches
    /// the rest of a name.
    public var masqueradeOut: Set<String>
    /// Devices whose forwarded packets are let through even where another table's forward chain drops by policy (Docker's).
    public var acceptForwarding: Set<String>
    /// Devices between which nothing is forwarded: one network's uplink never reaches another's.
    public var isolate: Set<String>
    /// Packets from these devices are masqueraded when they leave by any device that is none of them.
    public var masqueradeFrom: Set<String>

    public init(
        masqueradeOut: Set<String> = [], acceptForwarding: Set<String> = [], isolate: Set<String> = [], masqueradeFrom: Set<String> = []
    ) {
        self.masqueradeOut = masqueradeOut
        self.acceptForwarding = acceptForwarding
        self.isolate = isolate
        self.masqueradeFrom = masqueradeFrom
    }
}
