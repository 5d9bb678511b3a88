public import ClusterCatalog
public import EngineAPI
public import NetworkModel

/// What both daemons do for a client with the cluster's catalog: everything that needs no kernel.
public struct ClusterOperations: Sendable {
    public let catalog: ClusterCatalog
    let randomness: any Randomness
    /// How long another node may take to carry out a request, in seconds.
    private static let requestDeadlineSeconds = 10
    /// Docker's predefined networks.
    private static let predefinedNames: Set<String> = ["bridge", "host", "none", "default"]

    public init(catalog: ClusterCatalog, randomness: any Randomness) {
        self.catalog = catalog
        self.randomness = randomness
    }

    // MARK: Networks

    /// The networks that have an endpoint.
    public func usedNetworks() async throws -> Set<NetworkID> {
        Set(try await catalog.endpoints().map(\.record.network))
    }

    /// A network with its endpoints on all nodes.
    public func detail(of network: NetworkRecord) async throws -> NetworkDetail {
        let endpoints = try await catalog.endpoints(of: network.id).map(\.record)
        let participants = Set(endpoints.map(\.node))
        let peers = participants.isEmpty ? [] : try await catalog.nodes().map(\.record).filter { participants.contains($0.id) }
        return NetworkDetail(network: network, endpoints: endpoints, peers: peers)
    }

    /// Removes the network that a term means.
    public func removeNetwork(matching term: String) async throws {
        guard !Self.predefinedNames.contains(term) else {
            throw DaemonError(.forbidden, "\(term) is a pre-defined network and cannot be removed")
        }
        try await catalog.removeNetwork(try await catalog.network(matching: term).record.id)
    }

    // MARK: Endpoints on other nodes

    /// Has the sandbox's node attach it.
    public func requestConnect(
        _ sandbox: SandboxRecord, to network: NetworkRecord, with options: AttachmentOptions
    ) async throws(CatalogError) {
        _ = try await catalog.ask(request(.connect, sandbox.id, on: sandbox.node, network.id, options: options))
    }

    /// Has the sandbox's node detach it.
    public func requestDisconnect(
        _ sandbox: SandboxRecord, from network: NetworkRecord, force: Bool
    ) async throws(CatalogError) {
        _ = try await catalog.ask(request(.disconnect, sandbox.id, on: sandbox.node, network.id, isForced: force))
    }

    /// Detaches the sandbox that a term means; with force also an endpoint that is all that is left of one.
    public func disconnect(_ term: String, from network: NetworkRecord, force: Bool) async throws {
        do {
            let sandbox = try await catalog.sandbox(matching: term).record
            try await requestDisconnect(sandbox, from: network, force: force)
        } catch {
            guard force, error.kind == .notFound || error.kind == .unavailable else { throw error }
            try await freeEndpoint(of: term, on: network)
        }
    }

    /// Frees an endpoint by its name or its sandbox's id, when there is no sandbox any more to be asked for: Docker's `disconnect -f`.
    /// - Throws: also when the endpoint's node is alive, which must then do it itself.
    public func freeEndpoint(of term: String, on network: NetworkRecord) async throws {
        let folded = term.lowercased()
        let endpoints = try await catalog.endpoints(of: network.id)
        let match = endpoints.first {
            $0.record.name.folded == folded || $0.record.id.rawValue == term || $0.record.sandbox.rawValue == term
        }
        guard let endpoint = match else {
            throw DaemonError(.notFound, "container \(term) is not connected to network \(network.name)")
        }
        let record = endpoint.record
        if try await catalog.nodes().contains(where: { $0.record.id == record.node }) {
            _ = try await catalog.ask(request(.disconnect, record.sandbox, on: record.node, network.id, isForced: true))
        } else {
            // The endpoint's own record is compared: a node that returns has written it anew, and keeps it.
            try await catalog.detach(endpoint, as: NodeClaim(local: record.node, epoch: record.epoch))
        }
    }

    private func request(
        _ verb: RequestRecord.Verb, _ sandbox: SandboxID, on node: NodeID, _ network: NetworkID,
        options: AttachmentOptions = AttachmentOptions(), isForced: Bool = false
    ) -> RequestRecord {
        var generator = RandomnessGenerator(randomness)
        return RequestRecord(
            id: RequestID(random: &generator), node: node, verb: verb, sandbox: sandbox, network: network, attachment: options,
            isForced: isForced, deadlineSeconds: Self.requestDeadlineSeconds)
    }
}
