import NetworkModel

/// What is reconciled, fails and is tried again as one.
enum Item: Hashable, Sendable {
    case host
    /// The host's DNS sockets: others may have the port, and that is nobody else's trouble.
    case hostSite
    case network(NetworkID)
    case sandbox(SandboxID)
    /// A namespace, or a sandbox's files, of an earlier life that nothing plans.
    case leftover(String)
}

/// Why an item is not as planned, and when it is tried again.
struct Trouble {
    var attempts = 0
    var reason: any Error
    /// Since the data plane was made.
    var until: Duration

    var message: String { (reason as? any Fault)?.message ?? "\(reason)" }
}
