import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import KernelNetwork
import Logging
import NetworkModel
import WorkerAPI

/// Makes and removes this node's own sandboxes.
actor Sandboxes {
    private let node: NodeID
    private let scopes: NetworkScopes
    private let attachments: Attachments
    private let dataplane: Dataplane
    private let processes: SandboxProcesses
    private let randomness: any Randomness
    private let time: any WallTime
    private let leftovers: AsyncStream<SandboxRecord>.Continuation
    /// Names of sandboxes that are being made: a name is one node's own.
    private var names: Set<String> = []

    init(
        node: NodeID, scopes: NetworkScopes, attachments: Attachments, dataplane: Dataplane, processes: SandboxProcesses,
        randomness: any Randomness, time: any WallTime, leftovers: AsyncStream<SandboxRecord>.Continuation
    ) {
        self.node = node
        self.scopes = scopes
        self.attachments = attachments
        self.dataplane = dataplane
        self.processes = processes
        self.randomness = randomness
        self.time = time
        self.leftovers = leftovers
    }

    private var global: ScopedCatalog { scopes.global }

    // MARK: Looking up

    /// This node's sandboxes and the containers of its engine, by name.
    /// - Throws: when the node does not know yet what it holds.
    var all: [SandboxRecord] {
        get async throws {
            if await !global.mirror.isInSync { _ = try await global.claim() }
            return await global.mirror.view.sandboxes.records.values.map(\.record).sorted { $0.name < $1.name }
        }
    }

    /// One of them, by its id, name or a prefix of its id.
    func find(_ term: String) async throws -> SandboxRecord {
        let all = try await all
        if let exact = all.first(where: { $0.id.rawValue == term }) { return exact }
        // Nothing keeps a container of the engine from having the name of a sandbox.
        let named = all.filter { $0.name.folded == term.lowercased() }
        if let exact = named.first(where: { $0.kind == .native }) ?? named.first { return exact }
        let found = all.filter { !term.isEmpty && $0.id.rawValue.hasPrefix(term) }
        guard let first = found.first else { throw DaemonError(.notFound, "No such container: \(term)") }
        guard found.count == 1 else {
            throw DaemonError(.invalid, "container \(term) is ambiguous (\(found.count) matches found based on ID prefix)")
        }
        return first
    }

    // MARK: Making

    /// Makes a sandbox and attaches it; when anything fails nothing of it is left.
    func create(_ creation: SandboxCreation) async throws -> SandboxRecord {
        guard names.insert(creation.name.folded).inserted else { throw nameTaken(creation.name) }
        defer { names.remove(creation.name.folded) }
        let claim = try await global.claim()
        let isTaken = try await all.contains { $0.kind == .native && $0.name.folded == creation.name.folded }
        guard !isTaken else { throw nameTaken(creation.name) }
        // Found before anything is made: a wrong name costs nothing then.
        var networks: [CatalogEntry<NetworkRecord>] = []
        for attachment in creation.attachments { networks.append(try await scopes.network(matching: attachment.network)) }
        let sandbox = try await record(creation, as: claim)
        do {
            await global.mirror.flush()
            for (attachment, network) in zip(creation.attachments, networks) {
                _ = try await attachments.attach(sandbox, to: network, with: attachment.options)
            }
            try await dataplane.settle(sandbox: sandbox.id)
        } catch {
            // The reason that made it fail is what the caller needs, and not that undoing it failed too.
            do { try await remove(sandbox) } catch { leftovers.yield(sandbox) }
            throw error
        }
        return sandbox
    }

    private func nameTaken(_ name: EndpointName) -> DaemonError {
        DaemonError(.conflict, "the sandbox name \"\(name)\" is already in use on this host: remove it with skein sandbox rm \(name)")
    }

    private func record(_ creation: SandboxCreation, as claim: NodeClaim) async throws -> SandboxRecord {
        var generator = RandomnessGenerator(randomness)
        let sandbox = SandboxRecord(
            id: SandboxID(random: &generator), name: creation.name, node: node, created: time.now(), labels: creation.labels)
        do {
            let entry = try await global.catalog.putSandbox(sandbox, as: claim)
            await global.mirror.commit { $0.commit(entry) }
        } catch {
            if error.storeCode == .outcomeUnknown { leftovers.yield(sandbox) }
            throw error
        }
        return sandbox
    }

    // MARK: Removing

    /// Detaches and removes a sandbox; one with processes in it only with force, which ends them.
    func remove(_ sandbox: SandboxRecord, force: Bool) async throws {
        // Nothing is ended for a removal that the store will refuse.
        if force { _ = try await global.catalog.store.get(CatalogKeys.sandbox(sandbox.id, on: node)) }
        try await processes.end(in: sandbox, force: force)
        try await remove(sandbox)
    }

    /// Removes a sandbox without asking what runs in it; one that is not there is no error.
    func remove(_ sandbox: SandboxRecord) async throws {
        try await attachments.close(sandbox)
        do {
            try await removeRecords(of: sandbox)
        } catch {
            await attachments.reopen(sandbox.id)
            throw error
        }
        await attachments.forget(sandbox.id)
        await global.mirror.flush()
        try await dataplane.settle(sandbox: sandbox.id)
    }

    private func removeRecords(of sandbox: SandboxRecord) async throws {
        for endpoint in await scopes.local.mirror.ownEndpoints(of: sandbox.id) { try await attachments.detach(endpoint) }
        let endpoints = await global.mirror.ownEndpoints(of: sandbox.id)
        let claim = try await global.claim()
        let revision: StoreRevision?
        do {
            revision = try await global.catalog.removeSandbox(sandbox.id, with: endpoints, as: claim)
        } catch {
            await global.mirror.commit { view in
                view.giveUp(endpoints.map(\.record), and: sandbox.id)
                return []
            }
            throw error
        }
        await global.mirror.commit { view in
            endpoints.flatMap { view.commitDetach(of: $0.record, at: revision) } + view.commitRemoval(of: sandbox.id, at: revision)
        }
    }
}
