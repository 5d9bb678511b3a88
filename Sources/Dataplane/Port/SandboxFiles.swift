/// The files that stand in for the host's in a sandbox, `/etc/netns/<namespace>/…` (ip-netns(8)): a port.
///
/// The calls block: they are made on the data plane's own thread.
public protocol SandboxFiles: Sendable {
    /// The namespaces for which there are files.
    func namespaces() throws(DataplaneError) -> Set<String>

    /// A namespace's files by their names; empty if it has none.
    func files(of namespace: String) throws(DataplaneError) -> [String: String]

    /// Writes files, each in place: a file that is bound into a running process keeps its identity.
    func write(_ files: [String: String], for namespace: String) throws(DataplaneError)

    /// Removes a namespace's folder; one that is not there is no error.
    func remove(_ namespace: String) throws(DataplaneError)
}
