public import NetworkModel

/// The rules for the subnets that a user gives a network.
public enum SubnetRules {
    /// Checks subnets by themselves and with each other.
    /// - Throws: ``AddressError/Code/invalid``, with one line for each rule that is broken.
    public static func check(_ subnets: [SubnetRecord]) throws(AddressError) {
        let broken = subnets.flatMap(broken) + overlaps(subnets)
        guard broken.isEmpty else {
            throw AddressError(.invalid, "invalid network config:\n" + broken.joined(separator: "\n"))
        }
    }

    private static func broken(_ subnet: SubnetRecord) -> [String] {
        brokenRange(subnet)
            + brokenAddress(subnet.gateway, named: subnet.gateway.map { "gateway \($0)" }, in: subnet.pool)
            + subnet.auxiliary.sorted { $0.key < $1.key }.flatMap { name, address in
                brokenAddress(address, named: "auxiliary address \(name)", in: subnet.pool)
            }
    }

    private static func brokenRange(_ subnet: SubnetRecord) -> [String] {
        guard let range = subnet.subPool else { return [] }
        if range.family == subnet.pool.family, range.prefixLength < subnet.pool.prefixLength {
            return ["invalid ip-range \(range): CIDR block is bigger than its parent subnet \(subnet.pool)"]
        }
        guard subnet.pool.contains(range) else {
            return ["invalid ip-range \(range): parent subnet \(subnet.pool) doesn't contain ip-range"]
        }
        return []
    }

    private static func brokenAddress(_ address: IPAddress?, named name: String?, in pool: Subnet) -> [String] {
        guard let address, let name, !pool.contains(address) else { return [] }
        return ["invalid \(name): parent subnet \(pool) doesn't contain this address"]
    }

    private static func overlaps(_ subnets: [SubnetRecord]) -> [String] {
        subnets.indices.flatMap { later in
            subnets[..<later].filter { $0.pool.overlaps(subnets[later].pool) }.map {
                "invalid subnet \(subnets[later].pool): it overlaps with subnet \($0.pool) of the same network"
            }
        }
    }
}

extension SubnetRecord {
    /// The subnet with a gateway: the one chosen, or the lowest free address of its sub-pool or pool.
    /// - Throws: ``AddressError/Code/taken`` if the gateway is reserved for something else, or nothing is left for one.
    public func withGateway() throws(AddressError) -> SubnetRecord {
        var result = self
        if let gateway {
            guard !auxiliary.values.contains(gateway), !UsableAddresses.unusable(in: pool).contains(gateway) else {
                throw AddressError(.taken, "failed to allocate gateway (\(gateway)): Address already in use")
            }
            return result
        }
        result.gateway = UsableAddresses(self).lowestFree().first
        guard result.gateway != nil else {
            throw AddressError(.taken, "failed to allocate gateway: no available addresses in \(subPool ?? pool)")
        }
        return result
    }
}
