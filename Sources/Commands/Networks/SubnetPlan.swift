import EngineAPI
import NetworkModel

/// The subnets of a new network as the flags give them: each range, gateway and auxiliary address finds its subnet.
///
/// The rules and sentences are those of Docker's command line (docker/cli, cli/command/network/create.go).
struct SubnetPlan {
    var subnets: [String]
    var ranges: [String] = []
    var gateways: [String] = []
    var auxiliaryAddresses: [String: String] = [:]

    func resources() throws -> [IPAMConfigResource] {
        guard subnets.count >= ranges.count, subnets.count >= gateways.count else {
            throw CommandFault(.invalid, "every ip-range or gateway must have a corresponding subnet")
        }
        var resources = subnets.map { IPAMConfigResource(subnet: $0) }
        try refuseOverlaps()
        for range in ranges { try place(range, in: &resources) }
        for gateway in gateways { try place(gateway: gateway, in: &resources) }
        for (name, address) in auxiliaryAddresses.sorted(by: { $0.key < $1.key }) {
            let index = try index(of: address, named: "aux-address")
            resources[index].auxiliaryAddresses = (resources[index].auxiliaryAddresses ?? [:]).merging([name: address]) { _, new in new }
        }
        return resources
    }

    private func refuseOverlaps() throws {
        for (index, subnet) in subnets.enumerated() {
            for other in subnets[..<index] where try Self.holds(other, subnet) || Self.holds(subnet, other) {
                throw CommandFault(.invalid, "multiple overlapping subnet configuration is not supported (\(other), \(subnet))")
            }
        }
    }

    private func place(_ range: String, in resources: inout [IPAMConfigResource]) throws {
        let index = try index(of: range, named: "range")
        if let other = resources[index].ipRange {
            throw CommandFault(.invalid, "cannot configure multiple ranges (\(range), \(other)) on the same subnet (\(subnets[index]))")
        }
        resources[index].ipRange = range
    }

    private func place(gateway: String, in resources: inout [IPAMConfigResource]) throws {
        let index = try index(of: gateway, named: "gateway")
        if let other = resources[index].gateway {
            throw CommandFault(
                .invalid, "cannot configure multiple gateways (\(gateway), \(other)) for the same subnet (\(subnets[index]))")
        }
        resources[index].gateway = gateway
    }

    private func index(of address: String, named what: String) throws -> Int {
        guard let index = try subnets.firstIndex(where: { try Self.holds($0, address) }) else {
            throw CommandFault(.invalid, "no matching subnet for \(what) \(address)")
        }
        return index
    }

    /// Whether an address, or a block's first address, lies in a subnet. Host bits are the daemon's to refuse.
    private static func holds(_ subnet: String, _ other: String) throws -> Bool {
        let whole = try InterfaceAddress(subnet).subnet
        let address = other.contains("/") ? try InterfaceAddress(other).address : try IPAddress(other)
        return whole.contains(address)
    }
}
