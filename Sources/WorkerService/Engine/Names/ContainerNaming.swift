import ClusterCatalog
import DaemonKit
import EngineClient
import NetworkModel

/// Writes what an engine tells of a container: its record, and the names of its endpoints; and notes in the journal what is to be known when it is
/// started again. When nothing changes, nothing is asked or written.
struct ContainerNaming: Sendable {
    let journal: EngineJournal
    let global: ScopedCatalog
    let status: EngineStatus

    private var mirror: ScopeMirror { global.mirror }

    /// The engine's containers that the cluster knows of.
    var recorded: Set<String> {
        get async { Set(await mirror.view.sandboxes.records.values.filter { $0.record.kind == .engine }.map(\.record.id.rawValue)) }
    }

    /// - Returns: whether all of its endpoints are known.
    func publish(_ container: HostedContainer) async throws -> Bool {
        guard let sandbox = SandboxRecord(container, on: mirror.node) else { return true }
        try await noteHabit(of: container, sandbox.id)
        var isComplete = true
        for attachment in container.attachments {
            guard let id = attachment.endpoint else { continue }
            if let endpoint = await mirror.ownEndpoint(id) {
                try await identify(endpoint, as: attachment, of: container, sandbox)
            } else if await journal.network(of: attachment.network) != nil {
                isComplete = false
            }
        }
        guard container.isRunning, await mirror.view.sandboxes.records[sandbox.id]?.record != sandbox else { return isComplete }
        let written = try await global.catalog.putSandbox(sandbox, as: try await global.claim())
        await mirror.commit { $0.commit(written) }
        return isComplete
    }

    /// Forgets a container that does not run any longer. While it has endpoints, those are the driver's to remove, and its record goes with the
    /// last of them.
    func withdraw(_ container: String) async throws {
        guard let id = try? SandboxID(container), let record = await mirror.view.sandboxes.records[id]?.record, record.kind == .engine,
            await mirror.ownEndpoints(of: id).isEmpty
        else { return }
        let revision = try await global.catalog.removeSandbox(id, with: [], as: try await global.claim())
        await mirror.commit { $0.commitRemoval(of: id, at: revision) }
    }

    // MARK: Habits

    /// The containers that the engine may have removed while nobody looked.
    var remembered: Set<String> {
        get async { Set(await journal.habits.keys.map(\.rawValue)) }
    }

    func forget(_ container: SandboxID) async throws {
        try await journal.setHabit(nil, of: container)
    }

    private func noteHabit(of container: HostedContainer, _ id: SandboxID) async throws {
        let networks = await journal.networks
        let habit = ContainerHabit(container, attachments: container.attachments.filter { networks[$0.network] != nil })
        try await journal.setHabit(habit, of: id)
    }

    // MARK: Names

    private func identify(
        _ endpoint: CatalogEntry<EndpointRecord>, as attachment: HostedContainer.Attachment, of container: HostedContainer,
        _ sandbox: SandboxRecord
    ) async throws {
        let subject = "container \(container.name) on network \(endpoint.record.network.short)"
        let ownName = try? EndpointName(container.name)
        let shortName = try EndpointName(endpoint.record.id.short)
        var identity = EndpointIdentity(
            name: ownName ?? shortName, aliases: attachment.aliases, links: attachment.links, sandbox: sandbox)
        if ownName == nil {
            status.trouble(
                with: subject, "container \(container.name) has a name that DNS cannot have: it is found by its aliases and short id only")
        }
        do {
            try await write(identity, of: endpoint)
            if ownName != nil { status.settled(subject) }
        } catch let error as CatalogError where error.code == .endpointNotFound {
            // Detached meanwhile.
        } catch let error as CatalogError where error.code == .endpointNameTaken {
            status.trouble(
                with: subject,
                "\(error.message); container \(container.name) of this host is found by its aliases and short id only, until the name is free or "
                    + "docker rename gives it another")
            identity.name = shortName
            try await write(identity, of: endpoint)
        }
    }

    private func write(_ identity: EndpointIdentity, of endpoint: CatalogEntry<EndpointRecord>) async throws {
        let isKnown = await mirror.view.sandboxes.records[identity.sandbox.id]?.record == identity.sandbox
        if isKnown, endpoint.record.isIdentified(as: identity) { return }
        let written = try await global.catalog.identify(endpoint, as: identity, by: try await global.claim())
        await mirror.commit { view in
            view.commit(written) + view.commit(CatalogEntry(identity.sandbox, revision: written.revision))
        }
    }
}

extension EndpointRecord {
    func isIdentified(as identity: EndpointIdentity) -> Bool {
        name == identity.name && aliases == identity.aliases && links == identity.links && sandbox == identity.sandbox.id
    }
}

extension SandboxRecord {
    /// The record of a container: nil for one whose id has another form than Docker's.
    init?(_ container: HostedContainer, on node: NodeID) {
        guard let id = try? SandboxID(container.id),
            let name = (try? EndpointName(container.name)) ?? (try? EndpointName(id.short))
        else { return nil }
        self.init(
            id: id, name: name, node: node, kind: .engine, runtimeID: container.id, created: container.created, labels: container.labels)
    }
}
