public import NetworkModel

/// Why a server could not be set up.
public enum NameServerError: Fault, Hashable {
    case outOfMemory
    /// A socket that was handed over cannot be served.
    case socket(site: NameSite, reason: String)
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
        case .socket(let site, let reason): "cannot answer DNS in \(site): \(reason)"
        case .stopped: "the DNS server is stopped"
        }
    }
}
