import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct IdentifyTests {
    let scene = Scene()

    private func attach(
        to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, as name: String? = nil, of container: SandboxID? = nil
    ) async throws -> CatalogEntry<EndpointRecord> {
        let endpoint = try await scene.catalog.attach(
            try scene.engineRequest(try await scene.reserve(of: network, as: claim)), to: network, as: claim)
        guard let name else { return endpoint }
        return try await scene.catalog.identify(endpoint, as: try scene.identity(name, of: container, on: claim.node), by: claim)
    }

    private func names(in network: CatalogEntry<NetworkRecord>) async throws -> [String?] {
        try await scene.store.list(CatalogKeys.names(of: network.record.id)).entries.map(\.key.segments.last)
    }

    @Test func `an endpoint gets its container's name, and the container is known`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let endpoint = try await attach(to: network, as: claim)
        let identity = try scene.identity("Web", on: claim.node, aliases: ["front"], links: ["db": try EndpointName("database")])
        let identified = try await scene.catalog.identify(endpoint, as: identity, by: claim)
        #expect(identified.record.name.rawValue == "Web")
        #expect(identified.record.aliases.map(\.rawValue) == ["front"])
        #expect(identified.record.links == identity.links)
        #expect(identified.record.sandbox == identity.sandbox.id)
        #expect(identified.record.addresses == endpoint.record.addresses)
        #expect(try await scene.catalog.endpoints(of: network.record.id) == [identified])
        #expect(try await scene.catalog.sandboxes() == [CatalogEntry(identity.sandbox, revision: identified.revision)])
        #expect(try await names(in: network) == ["web"])
        try await checkInvariants(scene)
    }

    @Test func `a rename moves the name, and one of the case alone leaves the key`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let container: SandboxID = scene.id()
        var endpoint = try await attach(to: network, as: claim, as: "web", of: container)
        for name in ["WEB", "rose", "web"] {
            endpoint = try await scene.catalog.identify(endpoint, as: try scene.identity(name, of: container, on: claim.node), by: claim)
            #expect(try await scene.catalog.endpoints().map(\.record.name.rawValue) == [name])
            #expect(try await names(in: network) == [name.lowercased()])
            #expect(try await scene.catalog.sandboxes().map(\.record.name.rawValue) == [name])
        }
    }

    @Test func `nothing is written when nothing changes, unless the sandbox's record is gone`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let network = try await scene.network()
        let claim = try await scene.join()
        let endpoint = try await scene.catalog.attach(
            try scene.engineRequest(try await scene.reserve(of: network, as: claim)), to: network, as: claim)
        let identity = try scene.identity("web", on: claim.node)
        let first = try await scene.catalog.identify(endpoint, as: identity, by: claim)
        var second: CatalogEntry<EndpointRecord>?
        let counts = try await store.counting { second = try await scene.catalog.identify(first, as: identity, by: claim) }
        #expect(second == first)
        #expect(counts == CountingStore.Counts(transactions: 0, reads: 1, largest: 0))
        // An old view of it costs a round, and still writes nothing.
        #expect(try await scene.catalog.identify(endpoint, as: identity, by: claim) == first)
        try await scene.catalog.removeSandbox(identity.sandbox.id, with: [], as: claim)
        let again = try await scene.catalog.identify(first, as: identity, by: claim)
        #expect(try await scene.catalog.sandboxes() == [CatalogEntry(identity.sandbox, revision: again.revision)])
    }

    @Test func `a name that another has is refused, naming the holder, and all is as before`() async throws {
        let network = try await scene.network("lx")
        let (a, b) = (try await scene.join("alpha"), try await scene.join("beta"))
        let holder = try await attach(to: network, as: a, as: "web")
        for claim in [a, b] {
            let endpoint = try await attach(to: network, as: claim)
            let error = await refusal {
                _ = try await scene.catalog.identify(endpoint, as: try scene.identity("WEB", on: claim.node), by: claim)
            }
            #expect(error?.code == .endpointNameTaken)
            #expect(
                error?.message
                    == "endpoint with name web already exists in network lx: sandbox \(holder.record.sandbox.short) holds it on host alpha; "
                    + "disconnect it there to free the name")
            #expect(try await scene.catalog.endpoints().contains(endpoint))
        }
        #expect(try await scene.catalog.sandboxes().map(\.record.id) == [holder.record.sandbox])
    }

    @Test func `a restarted container takes its name over from the endpoint that it left behind, lesson 2`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let container: SandboxID = scene.id()
        let left = try await attach(to: network, as: claim, as: "web", of: container)
        let again = try await attach(to: network, as: claim, as: "web", of: container)
        #expect(again.record.id != left.record.id)
        #expect(try await scene.catalog.endpoints() == [again])
        #expect(try await scene.catalog.audit().isEmpty)
        try await checkInvariants(scene)
    }

    @Test func `the name of an earlier life's endpoint is taken over, lesson 2`() async throws {
        let network = try await scene.network()
        let before = try await scene.join()
        _ = try await attach(to: network, as: before, as: "web")
        let after = try await scene.join(id: before.node, epoch: 2)
        let endpoint = try await attach(to: network, as: after, as: "web")
        #expect(try await scene.catalog.endpoints() == [endpoint])
        try await checkInvariants(scene)
    }

    @Test func `an endpoint that is gone is told apart, and leaves no sandbox`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let endpoint = try await attach(to: network, as: claim)
        try await scene.catalog.detach(endpoint, as: claim)
        let error = await refusal {
            _ = try await scene.catalog.identify(endpoint, as: try scene.identity("web", on: claim.node), by: claim)
        }
        #expect(error?.code == .endpointNotFound)
        #expect(error?.kind == .notFound)
        #expect(error?.message == "endpoint \(endpoint.record.id.short) of sandbox web was detached meanwhile")
        #expect(try await scene.catalog.sandboxes().isEmpty)
    }

    @Test func `an earlier life, and another node, identify nothing`() async throws {
        let network = try await scene.network()
        let before = try await scene.join()
        let endpoint = try await attach(to: network, as: before)
        _ = try await scene.join(id: before.node, epoch: 2)
        for claim in [before, try await scene.join("other")] {
            let error = await refusal {
                _ = try await scene.catalog.identify(endpoint, as: try scene.identity("web", on: claim.node), by: claim)
            }
            #expect(error?.code == .fenced)
        }
        #expect(try await names(in: network) == [endpoint.record.name.folded])
    }

    @Test func `the last endpoint goes with its sandbox, by whatever name it was known, in one transaction`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let network = try await scene.network()
        let claim = try await scene.join()
        let old = try await scene.catalog.attach(
            try scene.engineRequest(try await scene.reserve(of: network, as: claim)), to: network, as: claim)
        let identity = try scene.identity("web", on: claim.node)
        let endpoint = try await scene.catalog.identify(old, as: identity, by: claim)
        let counts = try await store.counting {
            try await scene.catalog.removeSandbox(identity.sandbox.id, with: [endpoint], as: claim)
        }
        #expect(counts.transactions == 1)
        #expect(try await scene.catalog.sandboxes().isEmpty)
        try await checkInvariants(scene)
        // The same with a view of it from before it had a name.
        let second = try await scene.catalog.attach(
            try scene.engineRequest(try await scene.reserve(of: network, as: claim)), to: network, as: claim)
        _ = try await scene.catalog.identify(second, as: identity, by: claim)
        try await scene.catalog.removeSandbox(identity.sandbox.id, with: [second], as: claim)
        #expect(try await scene.catalog.sandboxes().isEmpty)
        try await checkInvariants(scene)
    }

    @Test func `two that race for one name are one holder and one refusal`() async throws {
        let network = try await scene.network()
        let claims = [try await scene.join("a"), try await scene.join("b")]
        for round in 0..<30 {
            let endpoints = [try await attach(to: network, as: claims[0]), try await attach(to: network, as: claims[1])]
            let refusals = await withTaskGroup(of: CatalogError.Code?.self) { group in
                for (endpoint, claim) in zip(endpoints, claims) {
                    group.addTask {
                        await refusal {
                            _ = try await scene.catalog.identify(endpoint, as: try scene.identity("web\(round)", on: claim.node), by: claim)
                        }?.code
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(refusals) == [nil, .endpointNameTaken])
        }
        try await checkInvariants(scene)
    }
}
