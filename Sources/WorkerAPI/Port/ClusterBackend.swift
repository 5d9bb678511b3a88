/// What stands behind the read-only part of the worker API, which the controller serves too.
///
/// Every method throws a `Fault`. Terms are looked up as Docker does: whole id, whole name, unique prefix of an id.
public protocol ClusterBackend: Sendable {
    /// How the daemon does; answers also while the store does not.
    func status() async -> DaemonStatus

    /// All nodes: those that are alive, and those that are gone and still hold something.
    func nodes() async throws -> [NodeDetail]

    func node(matching term: String) async throws -> NodeDetail

    /// Frees what a node that is gone held, without waiting for its grace to end. A node that is alive is refused.
    func removeNode(matching term: String) async throws

    /// The sandboxes: of all nodes at a controller, of its own node at a worker.
    func sandboxes() async throws -> [SandboxDetail]

    func sandbox(matching term: String) async throws -> SandboxDetail
}

/// What stands behind the sandboxes of one host: a worker.
public protocol SandboxBackend: ClusterBackend {
    /// Makes a sandbox and attaches it to the networks in the order given, as `eth0`, `eth1` …; when one fails, nothing is left.
    func createSandbox(_ creation: SandboxCreation) async throws -> SandboxDetail

    /// Detaches and removes a sandbox.
    ///
    /// - Parameter force: end the processes that still run in it, and let the removal of an unknown one succeed.
    func removeSandbox(matching term: String, force: Bool) async throws
}
