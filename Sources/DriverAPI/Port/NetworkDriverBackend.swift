public import NetworkModel

/// What stands behind Docker's remote network driver: a worker, for the engine of its host.
///
/// An engine repeats a call whose answer it lost, leaves calls out after its own crash, and tells nothing again after a restart
/// (lesson 8). So every method
/// - may come again, and then changes nothing and answers as before; removing what is not there succeeds;
/// - may come in any order: what nobody has told yet is refused with a `Fault` that names it, never waited for;
/// - ends soon after it is cancelled, which the face does when the bound of a call has passed (lesson 10);
/// - never calls the engine, which holds its locks meanwhile. Names of networks and containers come from the engine's events.
///
/// A fault's message becomes what `docker` prints behind `remote: `.
public protocol NetworkDriverBackend: Sendable {
    /// An engine has a network of ours. Comes once in the network's life: not again when the engine or the worker starts.
    func createNetwork(_ network: EngineNetwork) async throws

    /// The engine forgets a network. It has released the network's pool before, if ours is the IPAM driver too.
    ///
    /// The engine logs a fault and forgets the network all the same.
    func deleteNetwork(_ network: EngineNetworkID) async throws

    /// Makes an endpoint, with the addresses that an IPAM driver has given it.
    ///
    /// - Returns: what the engine did not give and shall use.
    func createEndpoint(_ endpoint: EngineEndpoint) async throws -> EndpointChoices

    /// Facts about an endpoint, for people.
    func details(of endpoint: EndpointReference) async throws -> [String: String]

    func deleteEndpoint(_ endpoint: EndpointReference) async throws

    /// Makes the device that becomes an endpoint's interface in a sandbox. When the answer has arrived, the engine moves it there,
    /// names it, and gives it its MAC, addresses and routes.
    func join(_ joining: SandboxJoining) async throws -> JoinedInterface

    /// The endpoint is without a sandbox again; the engine has moved the device back to where it was made, unless it is gone.
    func leave(_ endpoint: EndpointReference) async throws

    /// The endpoint leads its sandbox outside now: publishes its ports on the host. Comes only after ``join(_:)`` gave a gateway.
    func publish(_ options: EndpointOptions, of endpoint: EndpointReference) async throws

    /// Another endpoint leads the sandbox outside, or none: the ports are no longer published. Comes also when none ever were.
    func unpublish(_ endpoint: EndpointReference) async throws
}
