import NetworkModel

/// The body of the methods that only name an endpoint.
struct EndpointBody: Decodable, Sendable {
    let networkID: EngineNetworkID
    let endpointID: EndpointID

    enum CodingKeys: String, CodingKey {
        case networkID = "NetworkID"
        case endpointID = "EndpointID"
    }

    var reference: EndpointReference { EndpointReference(network: networkID, endpoint: endpointID) }
}

/// The body of `NetworkDriver.CreateEndpoint`.
struct CreateEndpointBody: Decodable, Sendable {
    let target: EndpointBody
    let interface: InterfaceBody?
    let options: EndpointOptionsBody?

    enum CodingKeys: String, CodingKey {
        case interface = "Interface"
        case options = "Options"
    }

    init(from decoder: any Decoder) throws {
        target = try EndpointBody(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        interface = try container.decodeIfPresent(InterfaceBody.self, forKey: .interface)
        options = try container.decodeIfPresent(EndpointOptionsBody.self, forKey: .options)
    }

    func endpoint() throws -> EngineEndpoint {
        EngineEndpoint(
            reference: target.reference, addresses: interface?.addresses ?? [], mac: interface?.mac?.value,
            options: try options?.options() ?? EndpointOptions())
    }
}

/// An endpoint's interface before it is one.
struct InterfaceBody: Decodable, Sendable {
    let address: Blankable<InterfaceAddress>?
    let addressIPv6: Blankable<InterfaceAddress>?
    let mac: Blankable<MACAddress>?

    enum CodingKeys: String, CodingKey {
        case address = "Address"
        case addressIPv6 = "AddressIPv6"
        case mac = "MacAddress"
    }

    var addresses: [InterfaceAddress] { [address?.value, addressIPv6?.value].compactMap { $0 } }
}

/// The answer to `NetworkDriver.CreateEndpoint`: the engine takes back the endpoint when a field is there that it gave itself.
struct CreateEndpointAnswer: Encodable, Sendable {
    struct Interface: Encodable, Sendable {
        let address: String?
        let addressIPv6: String?
        let mac: String?

        enum CodingKeys: String, CodingKey {
            case address = "Address"
            case addressIPv6 = "AddressIPv6"
            case mac = "MacAddress"
        }
    }

    let interface: Interface

    enum CodingKeys: String, CodingKey { case interface = "Interface" }

    init(_ choices: EndpointChoices, for endpoint: EngineEndpoint) {
        func added(_ family: IPFamily) -> String? {
            guard !endpoint.addresses.contains(where: { $0.address.family == family }) else { return nil }
            return choices.addresses.first { $0.address.family == family }?.description
        }
        interface = Interface(
            address: added(.v4), addressIPv6: added(.v6), mac: endpoint.mac == nil ? choices.mac?.description : nil)
    }
}

/// The answer to `NetworkDriver.EndpointOperInfo`.
struct EndpointDetailsAnswer: Encodable, Sendable {
    let value: [String: String]

    enum CodingKeys: String, CodingKey { case value = "Value" }
}

/// The body of `NetworkDriver.ProgramExternalConnectivity`.
struct PublicationBody: Decodable, Sendable {
    let target: EndpointBody
    let options: EndpointOptionsBody?

    enum CodingKeys: String, CodingKey { case options = "Options" }

    init(from decoder: any Decoder) throws {
        target = try EndpointBody(from: decoder)
        options = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(EndpointOptionsBody.self, forKey: .options)
    }
}
