import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

/// What a container engine does with the devices that it is given.
extension FakeKernel {
    static let container = KernelNamespace.path("/run/docker/netns/0123456789ab")

    /// Moves a device from the host into a container and makes it the container's own, as at a Join.
    func join(_ device: String, as interface: String = "eth0", in container: KernelNamespace = container) throws {
        addNamespace(container)
        try move(device, from: .host, to: container, as: interface) { $0.isUp = true }
        try tamper(in: container) { space in
            let address = InterfaceAddress(IPAddress(10, 0, 1, 7), in: Subnet(containing: IPAddress(10, 0, 1, 0), prefixLength: 24))
            space.addresses.insert(AddressEntry(link: interface, address: address))
        }
    }

    /// Brings a device back to the host, as at a Leave.
    func leave(_ device: String, from interface: String = "eth0", in container: KernelNamespace = container) throws {
        try move(interface, from: container, to: .host, as: device) { $0.isUp = false }
        try tamper(in: container) { space in space.addresses = [] }
    }

    private func move(
        _ name: String, from: KernelNamespace, to: KernelNamespace, as newName: String, _ change: @Sendable (inout LinkState) -> Void
    ) throws {
        var link = try #require(namespace(from)?.links[name])
        link.name = newName
        change(&link)
        try tamper(in: from) { $0.links[name] = nil }
        try tamper(in: to) { [link] space in space.links[newName] = link }
    }
}
