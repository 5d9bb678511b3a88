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

    /// A node's record as the host's network is now.
    ///
    /// The address that it has stays for as long as the host has it there, whatever others come beside it; after that it is one of the same
    /// family, since a VXLAN device sends over one.
    /// - Throws: ``DaemonKit/DaemonError`` when the host has none.
    func update(of record: NodeRecord, advertising advertise: AdvertiseAddress) throws(DaemonError) -> NodeRecord {
        var record = record
        var vtep = try vtep(advertise)
        if case .interface(let name) = advertise.host, vtep != record.vtep {
            let candidates = addresses(of: name).filter { $0.family == record.vtep.family }
            guard let first = candidates.first else {
                throw DaemonError(
                    .invalid,
                    "--cluster-advertise: the device \(name) has no IP\(record.vtep.family) address any more: restart the worker to use \(vtep)"
                )
            }
            vtep = candidates.contains(record.vtep) ? record.vtep : first
        }
        record.vtep = vtep
        record.advertise = HostPort.join(vtep.description, advertise.port)
        record.hostRoutes = routes
        return record
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

extension NodeRecord {
    func with(underlayMTU: Int) -> NodeRecord {
        var record = self
        record.underlayMTU = underlayMTU
        return record
    }
}
