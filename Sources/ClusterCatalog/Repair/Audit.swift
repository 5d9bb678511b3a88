import ClusterStore
import Logging
import NetworkModel

extension ClusterCatalog {
    /// Frees what has no owner, and finishes or undoes removals that were left halfway: what a crash between two transactions, or a
    /// hand in the store, can leave behind.
    ///
    /// It decides on one revision and compares that in each transaction; what changes meanwhile is left to the next audit.
    public func audit() async throws(CatalogError) -> RepairReport {
        let snapshot = try await list(CatalogInventory.prefixes)
        let inventory = CatalogInventory(snapshot, scope: scope)
        var report = RepairReport()
        for batch in inventory.orphans.batches(of: TransactionBound.keys) { try await free(batch, &report) }
        for network in inventory.halfRemoved where try await settle(network, isUsed: inventory.isUsed(network.record.id)) {
            report.networks += 1
        }
        return report
    }

    private func free(_ orphans: ArraySlice<CatalogInventory.Orphan>, _ report: inout RepairReport) async throws(CatalogError) {
        let owners = Set(orphans.filter { !$0.isOfEarlierLife }.map(\.owner))
        let compares = orphans.map { StoreCompare.unchanged($0.key, since: $0.revision) } + owners.map { .absent($0) }
        let transaction = StoreTransaction(compares, then: orphans.map { .delete($0.key) })
        guard case .committed = try await commit(transaction) else { return }
        for orphan in orphans {
            logger.notice("freed a claim without an owner", metadata: ["key": "\(orphan.key)", "owner": "\(orphan.owner)"])
            if orphan.key.hasPrefix(CatalogKeys.endpoints) { report.endpoints += 1 } else { report.count(orphan.key) }
        }
    }

    private func settle(_ network: CatalogEntry<NetworkRecord>, isUsed: Bool) async throws(CatalogError) -> Bool {
        if isUsed { return try await setState(.active, of: network) != nil }
        guard case .committed = try await commit(removal(of: network)) else { return false }
        return true
    }
}
