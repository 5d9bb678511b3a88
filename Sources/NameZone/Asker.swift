public import NetworkModel

/// Who asks: the network whose socket the question came to, and the address it came from.
public struct Asker: Hashable, Sendable {
    public let network: NetworkID
    public let address: IPAddress

    public init(network: NetworkID, address: IPAddress) {
        self.network = network
        self.address = address
    }
}
