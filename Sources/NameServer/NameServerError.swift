public import NetworkModel

/// Why a server could not be set up.
public enum NameServerError: Fault, Hashable {
    case outOfMemory
    /// A socket that was handed over cannot be served.
    case socket(network: NetworkID, reason: String)
    /// The server was stopped.
    case stopped

    public var kind: FaultKind {
        switch self {
        case .outOfMemory: .exhausted
        case .socket, .stopped: .unavailable
        }
    }

    public var message: String {
        switch self {
        case .outOfMemory: "no memory for DNS messages"
        case .socket(let network, let reason): "cannot answer DNS in network \(network.short): \(reason)"
        case .stopped: "the DNS server is stopped"
        }
    }
}
