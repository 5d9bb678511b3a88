public import NetworkModel

/// The container engine of this host: a port.
///
/// An engine holds locks while it calls a driver: nothing of this may be called from within such a call.
public protocol ContainerEngine: Sendable {
    /// Where it is, for messages: `unix:///var/run/docker.sock`.
    var location: String { get }

    /// The engine's networks of one driver.
    func networks(ofDriver driver: String) async throws(EngineError) -> [HostedNetwork]

    /// One network; nil if the engine has none of that id.
    func network(_ id: EngineNetworkID) async throws(EngineError) -> HostedNetwork?

    /// - Throws: ``EngineError/Code/conflict`` when the engine has a network of that name already.
    func createNetwork(_ network: HostedNetworkSpec) async throws(EngineError) -> EngineNetworkID

    /// Removes a network; one that is gone is no error.
    /// - Throws: ``EngineError/Code/forbidden`` while containers are attached to it.
    func removeNetwork(_ id: EngineNetworkID) async throws(EngineError)

    /// The containers that run, with their attachments.
    func containers() async throws(EngineError) -> [HostedContainer]

    /// One container, running or not; nil if the engine has none of that id or name.
    func container(_ id: String) async throws(EngineError) -> HostedContainer?

    /// Docker's `network connect`. It makes the engine call the driver, so nobody may wait for it there.
    func connect(_ container: String, to network: EngineNetworkID, with options: AttachmentOptions) async throws(EngineError)

    /// Docker's `network disconnect`.
    func disconnect(_ container: String, from network: EngineNetworkID, force: Bool) async throws(EngineError)

    /// What happens at the engine, until cancelled. The stream outlives the engine: it connects again, and says so.
    func events() -> AsyncStream<EngineEvent>
}

/// What an engine's stream tells.
public enum EngineEvent: Hashable, Sendable {
    /// The stream begins, or begins anew: whatever happened before was not told.
    case connected
    /// The engine does not answer. Told once for each time that it goes.
    case lost(EngineError)
    case networkCreated(EngineNetworkID, name: String, driver: String)
    case networkRemoved(EngineNetworkID)
    /// The container is on other networks now, has another name, or was started: what is known of it is old.
    case containerChanged(String)
    /// It runs no longer, or was removed.
    case containerGone(String)
}
