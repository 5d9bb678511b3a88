/// One write to a namespace. Entries are replaced: writing what is there already is no error, and neither is deleting what is not.
public enum KernelChange: Hashable, Sendable {
    /// Makes a device; a device of that name in the way is an error (`EEXIST`): the caller has the dump and decides.
    case addLink(LinkSpec)
    case deleteLink(String)
    case updateLink(String, LinkUpdate)
    case setBridgePort(String, BridgePortFlags)
    case replaceAddress(AddressEntry)
    case deleteAddress(AddressEntry)
    case replaceRoute(RouteEntry)
    case deleteRoute(RouteEntry)
    case replaceNeighbour(NeighbourEntry)
    case deleteNeighbour(NeighbourEntry)
    case replaceForwarding(ForwardingEntry)
    /// Deletes both halves, whichever are there.
    case deleteForwarding(ForwardingEntry)
}

/// A change that the kernel refused.
public struct KernelFailure: Hashable, Sendable {
    /// Its place in the list that was given.
    public let index: Int
    public let error: KernelError

    public init(index: Int, error: KernelError) {
        self.index = index
        self.error = error
    }
}
