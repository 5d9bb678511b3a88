import NetworkModel

extension InfoBody {
    init(_ identity: EngineIdentity, _ info: EngineInfo) {
        let sandboxes = info.nodes.reduce(0) { $0 + $1.sandboxes }
        self.init(
            id: identity.id, name: identity.hostname, serverVersion: "skein/\(SkeinVersion.current)", driver: "skein", driverStatus: [],
            systemStatus: Self.rows(identity, info), containers: sandboxes, containersRunning: sandboxes, containersPaused: 0,
            containersStopped: 0, images: 0, plugins: Plugins(network: ["bridge", "overlay"]), swarm: Swarm(localNodeState: "inactive"),
            clusterStore: info.store, clusterAdvertise: info.advertise, kernelVersion: identity.kernelVersion,
            operatingSystem: identity.operatingSystem, osType: "linux", architecture: identity.architecture,
            processors: identity.processors, memory: identity.memory, systemTime: info.time.description, isDebugging: false,
            isExperimental: false, isForwardingIPv4: true,
            // Docker's command line prints them as they are, below everything else.
            warnings: info.warnings.map { "WARNING: \($0)" })
    }

    /// The rows of classic Swarm's manager, as far as they mean something here.
    private static func rows(_ identity: EngineIdentity, _ info: EngineInfo) -> [[String]] {
        let nodes = info.nodes.sorted { ($0.record?.hostname ?? "", $0.id) < ($1.record?.hostname ?? "", $1.id) }
        let head = [["Role", identity.role.rawValue], ["Cluster Store", info.store], ["Nodes", String(nodes.count)]]
        return head + nodes.flatMap(rows)
    }

    private static func rows(of node: EngineInfo.Node) -> [[String]] {
        let counts = [["  └ Containers", String(node.sandboxes)], ["  └ Endpoints", String(node.endpoints)]]
        guard let record = node.record else {
            return [[" \(node.id.short)", "(no address)"], ["  └ ID", node.id.rawValue], ["  └ Status", "Disconnected"]] + counts
        }
        return [[" \(record.hostname)", record.advertise], ["  └ ID", node.id.rawValue], ["  └ Status", "Healthy"]] + counts + [
            ["  └ VTEP", record.vtep.description],
            ["  └ Labels", "kernelversion=\(record.kernelVersion), operatingsystem=\(record.operatingSystem)"],
            ["  └ ServerVersion", record.version],
        ]
    }
}
