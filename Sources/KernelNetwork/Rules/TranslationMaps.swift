import NetworkModel

/// The port translations of one family that are for one address each, or for any: two maps, since a map that gives an address and a port
/// together cannot be written as JSON before nftables 1.0.9. However many ports there are, one rule looks them up.
struct TranslationGroup: Hashable {
    let family: IPFamily
    let isForAny: Bool

    static let all = IPFamily.allCases.flatMap { family in
        [false, true].map { TranslationGroup(family: family, isForAny: $0) }
    }

    init(family: IPFamily, isForAny: Bool) {
        self.family = family
        self.isForAny = isForAny
    }

    init(of arrival: PortArrival) {
        self.init(family: arrival.address.family, isForAny: arrival.address.isUnspecified)
    }

    /// What the rule's comment says after its purpose.
    var name: String { "\(header)-\(isForAny ? "any" : "one")" }
    fileprivate var addresses: String { "\(name)-address" }
    fileprivate var ports: String { "\(name)-port" }

    /// As nftables calls the family's header.
    private var header: String { family == .v4 ? "ip" : "ip6" }
    private var addressType: String { family == .v4 ? "ipv4_addr" : "ipv6_addr" }

    /// What is done with a packet whose destination is in the maps.
    var expressions: [JSONValue] {
        let address = isForAny ? [] : [JSONValue.field(header, "daddr")]
        let key = JSONValue.concatenation([.transport] + address + [.field("th", "dport")])
        let translation = JSONValue.translation(header, .lookup(key, in: addresses), .lookup(key, in: ports))
        // Comparing a header's field says which family it is.
        return isForAny ? [.isFamily(family == .v4 ? "ipv4" : "ipv6"), translation] : [translation]
    }

    // MARK: Maps

    /// The two maps, without what is in them.
    var maps: [JSONValue] { [map(addresses, of: addressType), map(ports, of: "inet_service")] }

    private func map(_ name: String, of type: String) -> JSONValue {
        let key = ["inet_proto"] + (isForAny ? [] : [addressType]) + ["inet_service"]
        return .object([
            "map": .object([
                "family": .text(RuleLayout.family), "table": .text(RuleLayout.table), "name": .text(name),
                "type": .array(key.map { .text($0) }), "map": .text(type),
            ])
        ])
    }

    /// The elements of both maps, by the maps' names.
    func elements(_ translations: [PortArrival: PortDestination]) -> [String: [JSONValue]] {
        let own = translations.filter { TranslationGroup(of: $0.key) == self }
        return [
            addresses: own.map { .array([key($0.key), .text($0.value.address.description)]) },
            ports: own.map { .array([key($0.key), .integer(Int($0.value.port))]) },
        ]
    }

    private func key(_ arrival: PortArrival) -> JSONValue {
        let address = isForAny ? [] : [JSONValue.text(arrival.address.description)]
        return .concatenation([.integer(Int(arrival.transport.rawValue))] + address + [.integer(Int(arrival.port))])
    }

    /// The translations that elements stand for, or nil if they are none that we write.
    func translations(_ elements: [String: [JSONValue]]) -> [PortArrival: PortDestination]? {
        let addresses = elements[addresses] ?? []
        let ports = elements[ports] ?? []
        guard addresses.count == ports.count else { return nil }
        var numbers: [PortArrival: UInt16] = [:]
        for element in ports {
            guard let (arrival, value) = entry(element), let port = value.port else { return nil }
            numbers[arrival] = port
        }
        var translations: [PortArrival: PortDestination] = [:]
        for element in addresses {
            guard let (arrival, value) = entry(element), let address = value.address, let port = numbers[arrival] else { return nil }
            translations[arrival] = PortDestination(address, port: port)
        }
        return translations.count == addresses.count ? translations : nil
    }

    private func entry(_ element: JSONValue) -> (PortArrival, JSONValue)? {
        guard case .array(let pair) = element, pair.count == 2, case .array(let key)? = pair[0]["concat"],
            key.count == (isForAny ? 2 : 3), case .integer(let number)? = key.first, let byte = UInt8(exactly: number),
            let transport = TransportProtocol(rawValue: byte), let port = key.last?.port
        else { return nil }
        let any = IPAddress(family: family, bits: 0)
        guard let address = isForAny ? any : key[1].address else { return nil }
        return (PortArrival(transport, address, port: port), pair[1])
    }
}

extension JSONValue {
    fileprivate var port: UInt16? {
        guard case .integer(let number) = self else { return nil }
        return UInt16(exactly: number)
    }

    fileprivate var address: IPAddress? { text.flatMap { try? IPAddress($0) } }
}
