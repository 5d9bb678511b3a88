import ClusterCatalog
import DaemonKit
import Dataplane
import Logging
import NetworkModel

/// Attaches this node's sandboxes to networks and detaches them: one transaction each, then the kernel.
///
/// What fails after the transaction is undone by another, so that a call leaves all or nothing.
actor Attachments {
    private let scopes: NetworkScopes
    private let changes: EndpointChanges
    private let dataplane: Dataplane
    private let randomness: any Randomness
    private let logger: Logger
    /// Interface names and networks of attaches in progress.
    private var reserved: [SandboxID: Set<String>] = [:]
    private var inProgress: [SandboxID: Set<NetworkID>] = [:]
    /// Sandboxes that are being removed: nothing is attached to them any more.
    private var leaving: Set<SandboxID> = []

    init(scopes: NetworkScopes, dataplane: Dataplane, randomness: any Randomness, logger: Logger) {
        self.scopes = scopes
        changes = EndpointChanges(scopes: scopes)
        self.dataplane = dataplane
        self.randomness = randomness
        self.logger = logger
    }

    /// The endpoints of one of this node's sandboxes, in the order of their interfaces.
    func endpoints(of sandbox: SandboxID) async -> [CatalogEntry<EndpointRecord>] {
        let all = await scopes.global.mirror.ownEndpoints(of: sandbox) + scopes.local.mirror.ownEndpoints(of: sandbox)
        return all.sorted { $0.record.interface.interfaceOrder < $1.record.interface.interfaceOrder }
    }

    // MARK: Attach

    func attach(
        _ sandbox: SandboxRecord, to network: CatalogEntry<NetworkRecord>, with options: AttachmentOptions
    ) async throws -> EndpointRecord {
        let gone = DaemonError(.notFound, "No such container: \(sandbox.name)")
        guard !leaving.contains(sandbox.id) else { throw gone }
        let isFirst = inProgress[sandbox.id, default: []].insert(network.record.id).inserted
        let taken = DaemonError(.forbidden, "endpoint with name \(sandbox.name) already exists in network \(network.record.name)")
        guard isFirst else { throw taken }
        defer { inProgress[sandbox.id]?.remove(network.record.id) }
        // From here on the sandbox cannot be removed, but it may have been since the caller found it.
        guard await scopes.global.mirror.knows(sandbox.id) else { throw gone }
        guard await !endpoints(of: sandbox.id).contains(where: { $0.record.network == network.record.id }) else { throw taken }
        let interface = await reserveInterface(for: sandbox.id)
        defer { reserved[sandbox.id]?.remove(interface) }
        var generator = RandomnessGenerator(randomness)
        let request = AttachRequest(
            endpoint: EndpointID(random: &generator), sandbox: sandbox.id, name: sandbox.name, interface: interface, attachment: options)
        return try await attach(request, to: network)
    }

    private func attach(_ request: AttachRequest, to network: CatalogEntry<NetworkRecord>) async throws -> EndpointRecord {
        let endpoint = try await changes.attach(request, to: network)
        do {
            try await dataplane.settle(endpoint: endpoint.record.id)
        } catch {
            try await undo(endpoint, in: scopes[network.record.scope], because: error)
        }
        return endpoint.record
    }

    private func undo(_ endpoint: CatalogEntry<EndpointRecord>, in scope: ScopedCatalog, because cause: any Error) async throws -> Never {
        logger.error(
            "cannot program an endpoint; detaching it again", metadata: ["endpoint": "\(endpoint.record.name)", "cause": "\(cause)"])
        do {
            try await detach(endpoint, in: scope)
        } catch {
            logger.error("cannot detach it now: it stays until its sandbox goes", metadata: ["cause": "\(error)"])
        }
        throw cause
    }

    // MARK: Detach

    /// Detaches a sandbox from a network.
    func detach(_ sandbox: SandboxRecord, from network: NetworkRecord) async throws {
        guard let endpoint = await endpoints(of: sandbox.id).first(where: { $0.record.network == network.id }) else {
            throw DaemonError(.invalid, "container \(sandbox.id) is not connected to network \(network.name)")
        }
        try await detach(endpoint, in: scopes[network.scope])
    }

    /// Detaches an endpoint of a local network.
    func detach(_ endpoint: CatalogEntry<EndpointRecord>) async throws {
        try await detach(endpoint, in: scopes.local)
    }

    private func detach(_ endpoint: CatalogEntry<EndpointRecord>, in scope: ScopedCatalog) async throws {
        try await changes.detach(endpoint, in: scope)
        // It is detached; a kernel that lags behind is the data plane's to bring there, and its fault is shown.
        try? await dataplane.settle(sandbox: endpoint.record.sandbox)
    }

    // MARK: Sandboxes that go

    /// Lets nothing be attached to a sandbox any more.
    /// - Throws: when an attach is under way.
    func close(_ sandbox: SandboxRecord) throws(DaemonError) {
        guard inProgress[sandbox.id, default: []].isEmpty else {
            throw DaemonError(.conflict, "sandbox \(sandbox.name) is being attached to a network: try again")
        }
        leaving.insert(sandbox.id)
    }

    /// The sandbox stays after all.
    func reopen(_ sandbox: SandboxID) {
        leaving.remove(sandbox)
    }

    // MARK: Interface names

    /// The lowest `ethN` that neither an endpoint nor an attach in progress has.
    private func reserveInterface(for sandbox: SandboxID) async -> String {
        var used: Set<String> = []
        while true {
            let taken = used.union(reserved[sandbox] ?? [])
            let name = (0...taken.count).lazy.map { "eth\($0)" }.first { !taken.contains($0) } ?? "eth\(taken.count)"
            reserved[sandbox, default: []].insert(name)
            // Looked at after reserving: an attach that gave its reservation back meanwhile has its endpoint by then.
            used = Set(await endpoints(of: sandbox).map(\.record.interface))
            if !used.contains(name) { return name }
            reserved[sandbox]?.remove(name)
        }
    }

    /// Forgets a sandbox that was removed.
    func forget(_ sandbox: SandboxID) {
        leaving.remove(sandbox)
        reserved[sandbox] = nil
        inProgress[sandbox] = nil
    }
}

extension String {
    /// `eth2` before `eth10`.
    var interfaceOrder: (Int, String) { (utf8.count, self) }
}
