public import NetworkModel

/// What stands behind the Docker Engine API.
///
/// The controller implements it over the catalog: global networks, and connecting by a request to the sandbox's node. The worker
/// implements it over the catalog and the networks of its own host. Every method throws a `Fault`, whose kind becomes
/// the HTTP status and whose message becomes Docker's `{"message": …}`.
public protocol EngineBackend: Sendable {
    /// Who answers: never waits for the store, since a client asks for it before anything else.
    var identity: EngineIdentity { get }

    /// The state of the daemon and the nodes. With the store down it still answers, with a warning in place of the nodes.
    func info() async -> EngineInfo

    /// All networks, in any order.
    func networks() async throws -> [NetworkRecord]

    /// The networks that have an endpoint on some node: a moment's view, for the filter `dangling` and for `prune`.
    func usedNetworks() async throws -> Set<NetworkID>

    /// The network that Docker's lookup finds: by its whole id, else its whole name, else a prefix of its id that no other has.
    ///
    /// - Parameter scope: look only among the networks of this scope; nil for all.
    func network(matching term: String, in scope: NetworkScope?) async throws -> NetworkDetail

    /// Makes a network and answers its id.
    ///
    /// Predefined names, unknown drivers and options that are not honoured are the backend's to refuse: it knows its drivers.
    func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork

    /// Removes an unused network; a used one is refused.
    func removeNetwork(matching term: String) async throws

    /// Attaches a sandbox, found on any node by its name, id or a prefix of its id.
    ///
    /// The sandbox is looked up before the network: a client that names two unknown things hears of the sandbox, as from Docker.
    func connect(_ sandbox: String, to network: String, with options: AttachmentOptions) async throws

    /// Detaches a sandbox.
    ///
    /// - Parameter force: free the endpoint also when its sandbox or its node is gone; then the name is the endpoint's.
    func disconnect(_ sandbox: String, from network: String, force: Bool) async throws

    /// What happens to networks from now on. The stream ends when the daemon does; a reader that stops reading ends it too.
    func events() async throws -> AsyncStream<NetworkEvent>
}
