/// What Skein asks of the packet filter in a namespace, in its own table.
public struct PacketRules: Hashable, Sendable {
    /// Packets that leave by one of these devices from elsewhere than it get its address as their source. A trailing `*` matches
    /// the rest of a name.
    public var masqueradeOut: Set<String>
    /// Devices whose forwarded packets are let through even where another table's forward chain drops by policy (Docker's).
    public var acceptForwarding: Set<String>
    /// Devices into which nothing is forwarded but what was translated to get there, and replies to what came out of them: one
    /// network's uplink never reaches another's.
    public var isolate: Set<String>
    /// Packets from these devices are masqueraded when they leave by any device that is none of them.
    public var masqueradeFrom: Set<String>
    /// Where else connections go that are made to ports of the namespace's own addresses, from outside or from within; never those to
    /// the IPv6 loopback address.
    public var translations: [PortArrival: PortDestination]
    /// The devices behind which destinations of ``translations`` are. What is translated leaves by them with their address as its source
    /// if it came from one of them or from an IPv4 loopback address: replies would not find back. And nothing with a loopback address is
    /// taken from them, so that they may route such packets out (`route_localnet`).
    public var translateInto: Set<String>

    public init(
        masqueradeOut: Set<String> = [], acceptForwarding: Set<String> = [], isolate: Set<String> = [], masqueradeFrom: Set<String> = [],
        translations: [PortArrival: PortDestination] = [:], translateInto: Set<String> = []
    ) {
        self.masqueradeOut = masqueradeOut
        self.acceptForwarding = acceptForwarding
        self.isolate = isolate
        self.masqueradeFrom = masqueradeFrom
        self.translations = translations
        self.translateInto = translateInto
    }
}
