import FaceKit
import NetworkModel

extension EndpointSettings {
    /// What is asked of the attachment, in the model's terms.
    func attachmentOptions() throws -> AttachmentOptions {
        try refuseUnsupported()
        let wanted = [(IPFamily.v4, addresses?.ipv4Address), (.v6, addresses?.ipv6Address)]
        return AttachmentOptions(
            addresses: try wanted.compactMap { family, text in try text?.nonEmpty.map { try Self.address($0, family) } },
            aliases: try (aliases ?? []).map { try EndpointName($0) },
            mac: try macAddress?.nonEmpty.map { try Self.mac($0) })
    }

    private func refuseUnsupported() throws(RequestFault) {
        if let link = links?.first { throw RequestFault(.unsupported, "link \"\(link)\" is not supported: use an alias") }
        if let address = addresses?.linkLocalIPs?.first {
            throw RequestFault(.unsupported, "link-local address \"\(address)\" is not supported")
        }
        if let option = driverOptions?.keys.min() {
            throw RequestFault(.unsupported, "endpoint option \"\(option)\" is not supported")
        }
        if let priority = gatewayPriority, priority != 0 {
            throw RequestFault(.unsupported, "gateway priority \(priority) is not supported: the lowest interface has the default route")
        }
    }

    private static func address(_ text: String, _ family: IPFamily) throws(RequestFault) -> IPAddress {
        guard let address = try? IPAddress(text), address.family == family else {
            throw RequestFault(.invalid, "invalid IP\(family) address: \(text)")
        }
        return address
    }

    private static func mac(_ text: String) throws -> MACAddress {
        let mac = try MACAddress(text)
        guard !mac.isMulticast, mac.bits != 0 else {
            throw RequestFault(.invalid, "invalid MAC address \(text): it is not a unicast address")
        }
        return mac
    }
}
