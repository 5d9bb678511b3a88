/// The owner of an address, as the catalog keeps it at `addresses/<network>/<address>`: the key is the allocation.
public enum AddressRecord: Codable, Hashable, Sendable {
    case endpoint(EndpointID)
    case gateway
    /// Docker's `--aux-address`, with its name.
    case auxiliary(String)
    /// A node's, for an endpoint that it is about to make. Container engines ask for an address before they tell for what. The id tells one
    /// reservation from another, so that one whose answer was lost is known again.
    case reserved(NodeID, Epoch, ReservationID)
}
