import NameZone
public import NetworkModel

/// Where a pair of sockets is, which says whose questions come to it.
public enum NameSite: Hashable, Sendable, CustomStringConvertible {
    /// In a network's namespace: its endpoints ask.
    case network(NetworkID)
    /// In the host's: whoever asks there is on none of our networks, so none of our names are his.
    case host

    public var description: String {
        switch self {
        case .network(let network): "network \(network.short)"
        case .host: "the host"
        }
    }

    /// Who asks from an address, or nil for somebody who is told nothing from the zone.
    func asker(at address: IPAddress) -> Asker? {
        switch self {
        case .network(let network): Asker(network: network, address: address)
        case .host: nil
        }
    }
}
