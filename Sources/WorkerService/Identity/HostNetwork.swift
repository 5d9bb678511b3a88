import DaemonKit
import KernelNetwork
import NetworkModel

/// The host's own network, as one dump of the kernel shows it: pure.
struct HostNetwork {
    private let state: KernelState

    init(_ state: KernelState) {
        self.state = state
    }

    /// The address that `--cluster-advertise` means: itself, or the first of a device, IPv4 before IPv6 as in Docker.
    /// - Throws: ``DaemonKit/DaemonError`` when no device of the host has it.
    func vtep(_ advertise: AdvertiseAddress) throws(DaemonError) -> IPAddress {
        switch advertise.host {
        case .address(let address):
            guard state.addresses.contains(where: { $0.address.address == address }) else {
                throw DaemonError(.invalid, "--cluster-advertise \(address) is not an address of this host: \(known)")
            }
            return address
        case .interface(let name):
            guard state.links[name] != nil else {
                throw DaemonError(.invalid, "--cluster-advertise: this host has no device \"\(name)\": \(known)")
            }
            guard let address = addresses(of: name).first else {
                throw DaemonError(.invalid, "--cluster-advertise: the device \(name) has no address that other hosts could reach")
            }
            return address
        }
    }

    private func addresses(of link: String) -> [IPAddress] {
        state.addresses.filter { $0.link == link }.map(\.address.address).filter { !$0.isLoopback && !$0.isLinkLocal }.sorted()
    }

    /// What could have been meant instead.
    private var known: String {
        let devices = state.links.keys.sorted().compactMap { name in addresses(of: name).first.map { "\(name) (\($0))" } }
        return devices.isEmpty ? "no device has an address" : "there are \(devices.joined(separator: ", "))"
    }

    /// Destinations that the host routes itself, without the default routes and without what Skein made (lesson 26).
    var routes: [Subnet] {
        let foreign = state.routes.filter { route in
            route.destination.prefixLength > 0 && !route.destination.base.isLinkLocal && !route.destination.base.isMulticast
                && !route.destination.base.isLoopback && !isOurs(route.link)
        }
        return Set(foreign.map(\.destination)).sorted()
    }

    /// An uplink of a network: the name begins with `sk` and the alias carries the network's id.
    private func isOurs(_ link: String) -> Bool {
        link.hasPrefix("sk") && state.links[link]?.alias != nil
    }
}
