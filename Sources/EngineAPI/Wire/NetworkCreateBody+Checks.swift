import FaceKit
import NetworkModel

extension NetworkCreateBody {
    /// The request in the model's terms.
    ///
    /// - Throws: a `Fault` for what can be refused without knowing any network. Whether a subnet holds its gateway and its ranges is
    ///   the catalog's to say.
    func creation() throws -> NetworkCreation {
        guard let name, name.contains(where: { !$0.isWhitespace }) else { throw RequestFault(.invalid, "invalid name: name is empty") }
        try refuseUnsupported()
        return NetworkCreation(
            name: name, driver: driver ?? "", scope: try networkScope(), ipamDriver: ipam?.driver?.nonEmpty ?? "default",
            ipamOptions: ipam?.options ?? [:], subnets: try (ipam?.config ?? []).map { try $0.subnetRecord() },
            isIPv6Enabled: enableIPv6 ?? false, options: options ?? [:], labels: labels ?? [:], isInternal: isInternal ?? false,
            isAttachable: isAttachable ?? false)
    }

    private func refuseUnsupported() throws(RequestFault) {
        if isIngress == true { throw RequestFault(.unsupported, "ingress networks are not supported: there is no routing mesh") }
        if isConfigOnly == true { throw RequestFault(.unsupported, "config-only networks are not supported") }
        if let source = configFrom?.network?.nonEmpty {
            throw RequestFault(.unsupported, "config-from \"\(source)\" is not supported: give the options themselves")
        }
        if enableIPv4 == false { throw RequestFault(.unsupported, "IPv4 cannot be disabled") }
    }

    private func networkScope() throws(RequestFault) -> NetworkScope? {
        switch scope ?? "" {
        case "": return nil
        case "local": return .local
        case "global": return .global
        case "swarm": throw RequestFault(.forbidden, "cannot create a swarm scoped network when swarm is not active")
        case let other: throw RequestFault(.invalid, "invalid scope \"\(other)\": it must be local or global")
        }
    }
}

extension IPAMConfigResource {
    func subnetRecord() throws -> SubnetRecord {
        let pool = try Subnet(subnet ?? "")
        let gateway = try gateway?.nonEmpty.map { try Self.address($0, as: "gateway \($0)") }
        let auxiliary = try (auxiliaryAddresses ?? [:]).map { name, text in
            (name, try Self.address(text, as: "auxiliary address \(name)"))
        }
        return SubnetRecord(
            pool: pool, subPool: try ipRange?.nonEmpty.map { try Self.range($0) }, gateway: gateway,
            auxiliary: Dictionary(auxiliary, uniquingKeysWith: { first, _ in first }), isUserDefined: true,
            isGatewayUserDefined: gateway != nil)
    }

    private static func range(_ text: String) throws -> Subnet {
        do {
            return try Subnet(text)
        } catch {
            // The value calls every CIDR block a subnet.
            throw RequestFault(.invalid, error.message.replacingFirst("invalid subnet", with: "invalid ip-range"))
        }
    }

    private static func address(_ text: String, as what: String) throws -> IPAddress {
        do {
            return try IPAddress(text)
        } catch {
            throw RequestFault(.invalid, "invalid \(what): \(error.message)")
        }
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }

    fileprivate func replacingFirst(_ start: String, with other: String) -> String {
        hasPrefix(start) ? other + dropFirst(start.count) : self
    }
}
