package import ClusterStore
import EtcdProtocol

extension EtcdStore {
    /// What is posted for a transaction: for measuring what it costs to send the same otherwise.
    /// - Throws: ``StoreError/Code/rejected`` for what cannot be written as JSON.
    package static func body(of transaction: StoreTransaction, root: String) throws(StoreError) -> [UInt8] {
        let request = try EtcdRoot(root).request(for: transaction)
        do {
            return try EtcdJSON.encode(request)
        } catch {
            throw StoreError(.rejected, error.message)
        }
    }
}
