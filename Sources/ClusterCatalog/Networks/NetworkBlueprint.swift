import AddressManagement
import NetworkModel

/// A request that has been found sound: what can be decided without knowing the other networks.
struct NetworkBlueprint {
    let request: NetworkRequest
    let driver: NetworkDriver
    /// The VNI the user chose.
    let chosenVNI: VNI?
    /// The families for which a pool has to be found.
    let familiesToAllocate: [IPFamily]

    init(_ request: NetworkRequest, scope: NetworkScope) throws(CatalogError) {
        try Self.checkName(request.name)
        self.request = request
        self.driver = try Self.driver(request.driver, scope: scope)
        self.chosenVNI = try Self.checkOptions(request.options, driver: driver)
        self.familiesToAllocate = try Self.checkAddressManagement(request)
    }

    private static func checkName(_ name: String) throws(CatalogError) {
        guard name.contains(where: { !$0.isWhitespace }) else { throw CatalogError(.invalid, "invalid name: name is empty") }
        guard !["bridge", "host", "none", "default"].contains(name) else {
            // Docker's sentence ends in a space; users compare it.
            throw CatalogError(.predefinedNetwork, "operation is not permitted on predefined \(name) network ")
        }
    }

    private static func driver(_ name: String, scope: NetworkScope) throws(CatalogError) -> NetworkDriver {
        let own: NetworkDriver = scope == .global ? .overlay : .bridge
        guard !name.isEmpty, name != own.rawValue else { return own }
        guard let other = NetworkDriver(rawValue: name), other != .unknown else {
            throw CatalogError(.noDriver, "plugin \"\(name)\" not found")
        }
        throw CatalogError(
            .invalid, "driver \"\(other.rawValue)\" makes \(other.scope.rawValue) networks: it cannot make a \(scope.rawValue) one")
    }

    private static func checkAddressManagement(_ request: NetworkRequest) throws(CatalogError) -> [IPFamily] {
        if let option = request.ipamOptions.keys.min() {
            throw CatalogError(.unsupported, "ipam option \"\(option)\" is not supported")
        }
        switch request.ipamDriver {
        case "default", "":
            try checkSize(request.subnets)
            do {
                try SubnetRules.check(request.subnets)
            } catch {
                throw CatalogError(error)
            }
            let given = Set(request.subnets.map(\.pool.family))
            let wanted: [IPFamily] = request.isIPv6Enabled ? [.v4, .v6] : [.v4]
            return wanted.filter { !given.contains($0) }
        case "null":
            guard request.subnets.isEmpty else {
                throw CatalogError(.invalid, "ipam driver \"null\" manages no addresses: subnet \(request.subnets[0].pool) cannot be given")
            }
            return []
        default:
            throw CatalogError(.noDriver, "plugin \"\(request.ipamDriver)\" not found")
        }
    }

    /// All of them are claimed in one transaction, and stores bound those: 128 operations, with the network's own and what is chosen for it.
    private static let mostClaims = 100

    private static func checkSize(_ subnets: [SubnetRecord]) throws(CatalogError) {
        let claims = subnets.reduce(0) { $0 + 2 + $1.auxiliary.count }
        guard claims <= mostClaims else {
            throw CatalogError(
                .invalid, "a network has at most \(mostClaims) subnets, gateways and auxiliary addresses in all, and not \(claims)")
        }
    }
}

/// The driver options.
extension NetworkBlueprint {
    private static func checkOptions(_ options: [String: String], driver: NetworkDriver) throws(CatalogError) -> VNI? {
        var vni: VNI?
        for (option, value) in options.sorted(by: { $0.key < $1.key }) {
            switch (option, driver) {
            case (NetworkOption.mtu, _): try checkMTU(value)
            case (NetworkOption.flood, .overlay): try checkFlag(value, of: option)
            case (NetworkOption.vxlanIDList, .overlay): vni = try vxlanID(value)
            default: throw CatalogError(.unsupported, "option \"\(option)\" is not supported by driver \"\(driver.rawValue)\"")
            }
        }
        return vni
    }

    /// The smallest is IPv4's (RFC 791), the largest what a 16-bit length can say.
    private static func checkMTU(_ value: String) throws(CatalogError) {
        guard let mtu = Int(value), (68...65_535).contains(mtu) else {
            throw CatalogError(.invalid, "option \"\(NetworkOption.mtu)\" must be a number of bytes from 68 to 65535, not \"\(value)\"")
        }
    }

    private static func checkFlag(_ value: String, of option: String) throws(CatalogError) {
        guard value == "true" || value == "false" else {
            throw CatalogError(.invalid, "option \"\(option)\" must be true or false, not \"\(value)\"")
        }
    }

    private static func vxlanID(_ value: String) throws(CatalogError) -> VNI {
        guard let number = UInt32(value), let vni = try? VNI(number) else {
            throw CatalogError(
                .invalid, "option \"\(NetworkOption.vxlanIDList)\" must be one VNI from 1 to 16777215, not \"\(value)\"")
        }
        return vni
    }
}

extension CatalogError {
    init(_ error: AddressError) {
        let code: Code =
            switch error.code {
            case .invalid: .invalid
            case .overlap: .poolOverlap
            case .noPool: .noPool
            case .taken: .addressTaken
            }
        self.init(code, error.message)
    }
}
