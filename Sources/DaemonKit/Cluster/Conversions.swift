public import ClusterCatalog
public import EngineAPI
import NetworkModel
public import WorkerAPI

extension NetworkRequest {
    /// What a client of the Engine API asked for, in the catalog's words.
    /// - Parameter driver: the driver as this daemon understands the client's.
    public init(_ creation: NetworkCreation, driver: String) {
        self.init(
            name: creation.name, driver: driver, ipamDriver: creation.ipamDriver, ipamOptions: creation.ipamOptions,
            subnets: creation.subnets, isIPv6Enabled: creation.isIPv6Enabled, options: creation.options, labels: creation.labels,
            isInternal: creation.isInternal, isAttachable: creation.isAttachable)
    }
}

extension EngineInfo.Node {
    public init(_ detail: NodeDetail) {
        self.init(id: detail.id, record: detail.record, sandboxes: detail.sandboxes, endpoints: detail.endpoints)
    }
}
