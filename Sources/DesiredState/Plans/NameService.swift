public import NetworkModel

extension InterfaceAddress {
    /// Where containers ask for names: on the bridge of every network, and on the host's loopback for those that are on none of ours.
    public static let nameService = InterfaceAddress(
        .nameService, in: Subnet(containing: .nameService, prefixLength: IPAddress.nameService.family.width))
}
