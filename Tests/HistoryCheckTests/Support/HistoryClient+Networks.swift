import ClusterCatalog
import ClusterStore
import HistoryCheck
import NetworkModel

/// Networks, and what a controller does.
extension HistoryClient {
    mutating func createNetwork() async {
        let id: NetworkID = id()
        let name = "n\(draw(Self.networkNames))"
        var request = NetworkRequest(id: id, name: name)
        // Chosen pools and VNIs are raced for; those that are given out are raced for by nature.
        if draw(2) == 0, let pool = try? Subnet("10.77.\(16 * draw(3)).0/\(draw(2) == 0 ? 20 : 24)") {
            request.subnets = [SubnetRecord(pool: pool, isUserDefined: true)]
        }
        if draw(3) == 0 { request.options[NetworkOption.vxlanIDList] = String(300 + draw(3)) }
        let (catalog, asked) = (catalog, request)
        let created = await perform(Operation(client: number, what: "create \(name)", claims: .network(id))) { () throws(CatalogError) in
            try await catalog.createNetwork(asked)
        } told: {
            Acknowledgement(revision: $0.revision.rawValue, holding: $0.record.holding)
        }
        if let created { networks.append(created) }
    }

    mutating func removeNetwork() async {
        guard networks.count > 1 else { return }
        let network = networks.remove(at: draw(networks.count))
        let id = network.record.id
        let operation = Operation(
            client: number, what: "remove \(network.record.name)", ends: [.owner(.network(id)), .network(id)])
        let catalog = catalog
        _ = await perform(operation) { () throws(CatalogError) in
            try await catalog.removeNetwork(id)
        } told: { _ in
            Acknowledgement()
        }
    }

    /// A node without a record is not given its grace here. A reaper that meets a node's return has done a part of its work.
    func reap() async {
        guard let dead = try? await catalog.deadNodes() else { return }
        for node in dead.sorted() {
            recorder.note(Operation(client: number, what: "reap \(node.short)", ends: [.deadNode(node)]))
            _ = try? await catalog.reapNode(node)
        }
    }
}
