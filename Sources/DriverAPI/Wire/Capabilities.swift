/// The answer to `Plugin.Activate` (moby, pkg/plugins).
struct ActivationAnswer: Encodable, Sendable {
    let interfaces = ["NetworkDriver", "IpamDriver"]

    enum CodingKeys: String, CodingKey { case interfaces = "Implements" }
}

/// The answer to `NetworkDriver.GetCapabilities`.
///
/// Engines after 23.0 have no store and refuse networks of scope `global`; so a network is local to each engine, and the cluster's
/// part is ours. Endpoints of one network reach each other across engines: the connectivity is global.
struct DriverScope: Encodable, Sendable {
    let scope = "local"
    let connectivityScope = "global"

    enum CodingKeys: String, CodingKey {
        case scope = "Scope"
        case connectivityScope = "ConnectivityScope"
    }
}

/// The answer to `IpamDriver.GetCapabilities`.
///
/// - No MAC before the address: an endpoint's MAC follows from its address, so that what neighbours remember of the address stays right
///   when its holder changes (lesson 6).
/// - No replay when the engine starts: the cluster store remembers.
struct IPAMCapabilities: Encodable, Sendable {
    let requiresMACAddress = false
    let requiresRequestReplay = false

    enum CodingKeys: String, CodingKey {
        case requiresMACAddress = "RequiresMACAddress"
        case requiresRequestReplay = "RequiresRequestReplay"
    }
}

/// The answer to `IpamDriver.GetDefaultAddressSpaces`.
struct AddressSpacesAnswer: Encodable, Sendable {
    let local = AddressSpace.name
    let global = AddressSpace.name

    enum CodingKeys: String, CodingKey {
        case local = "LocalDefaultAddressSpace"
        case global = "GlobalDefaultAddressSpace"
    }
}

/// `{}`: all that many methods answer.
struct EmptyAnswer: Encodable, Sendable {}
