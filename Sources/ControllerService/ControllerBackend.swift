import ClusterCatalog
import ClusterStore
import DaemonKit
import EngineAPI
import NetworkModel
import WorkerAPI

/// What the controller answers: the cluster's networks, nodes and sandboxes, straight from the store. It keeps no state.
struct ControllerBackend: Sendable {
    let operations: ClusterOperations
    let identity: EngineIdentity
    let hub: EventHub
    let time: any WallTime

    private var catalog: ClusterCatalog { operations.catalog }
}

extension ControllerBackend: EngineBackend {
    func info() async -> EngineInfo {
        do {
            let nodes = try await operations.nodes()
            return EngineInfo(store: catalog.store.location, nodes: nodes.map { EngineInfo.Node($0) }, time: time.now())
        } catch {
            let warning = "the cluster store does not answer: \(error)"
            return EngineInfo(store: catalog.store.location, time: time.now(), warnings: [warning])
        }
    }

    func networks() async throws -> [NetworkRecord] {
        try await catalog.networks().map(\.record)
    }

    func usedNetworks() async throws -> Set<NetworkID> {
        try await operations.usedNetworks()
    }

    func network(matching term: String, in scope: NetworkScope?) async throws -> NetworkDetail {
        guard scope != .local else { throw DaemonError(.notFound, "network \(term) not found") }
        return try await operations.detail(of: try await catalog.network(matching: term).record)
    }

    func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork {
        guard creation.scope != .local else {
            throw DaemonError(
                .unsupported, "the controller makes global networks only: ask a worker (skein network create -d bridge) for a local one")
        }
        // Docker's command line sends `bridge` when its user names no driver.
        let driver = creation.driver == "bridge" ? "" : creation.driver
        return CreatedNetwork(id: try await catalog.createNetwork(NetworkRequest(creation, driver: driver)).record.id)
    }

    func removeNetwork(matching term: String) async throws {
        try await operations.removeNetwork(matching: term)
    }

    func connect(_ sandbox: String, to network: String, with options: AttachmentOptions) async throws {
        let sandbox = try await catalog.sandbox(matching: sandbox).record
        let network = try await catalog.network(matching: network).record
        try await operations.requestConnect(sandbox, to: network, with: options)
    }

    func disconnect(_ sandbox: String, from network: String, force: Bool) async throws {
        try await operations.disconnect(sandbox, from: try await catalog.network(matching: network).record, force: force)
    }

    func events() async throws -> AsyncStream<NetworkEvent> {
        hub.events()
    }
}

extension ControllerBackend: ClusterBackend {
    func status() async -> DaemonStatus {
        var status = DaemonStatus(role: .controller, store: catalog.store.location)
        do {
            try await catalog.open()
        } catch {
            status.storeFault = error.message
        }
        return status
    }

    func nodes() async throws -> [NodeDetail] { try await operations.nodes() }
    func node(matching term: String) async throws -> NodeDetail { try await operations.node(matching: term) }
    func removeNode(matching term: String) async throws { try await operations.removeNode(matching: term) }
    func sandboxes() async throws -> [SandboxDetail] { try await operations.sandboxes() }
    func sandbox(matching term: String) async throws -> SandboxDetail { try await operations.sandbox(matching: term) }
}
