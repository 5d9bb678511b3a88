import DaemonKit
import Logging
import NetworkModel

/// What the command line asks for, found sound.
struct WorkerOptions {
    let store: StoreChoice
    /// The store's servers: a worker has no store of its own.
    let servers: [StoreServer]
    let advertise: AdvertiseAddress
    let stateDirectory: String
    let listener: ListenAddress
    /// Who may use it.
    let group: SocketGroup?
    /// nil when no container engine is served.
    let engine: EngineOptions?
    let vxlanPort: UInt16
    let logLevel: Logger.Level

    init(_ command: WorkerCommand) throws(InvalidValue) {
        store = try StoreChoice(command.cluster)
        guard let servers = store.servers else {
            throw InvalidValue(
                "--cluster-store \(command.cluster.store ?? "") is a controller's own: name the controller that has it with etcd://HOST:2379"
            )
        }
        self.servers = servers
        advertise = try AdvertiseAddress(
            try ClusterFlags.required(command.clusterAdvertise, "--cluster-advertise", like: "eth0:2376"))
        guard command.stateDir.hasPrefix("/") else {
            throw InvalidValue("invalid --state-dir \"\(command.stateDir)\": it must be an absolute path")
        }
        stateDirectory = command.stateDir
        listener = try Self.listener(command)
        group = try SocketGroup.chosen(command.cluster.group)
        engine = try EngineOptions(command)
        guard let port = UInt16(exactly: command.vxlanPort), port > 0 else {
            throw InvalidValue("invalid --vxlan-port \(command.vxlanPort): it must be 1 to 65535")
        }
        vxlanPort = port
        logLevel = try Logger.Level(flag: command.cluster.logLevel)
    }

    private static func listener(_ command: WorkerCommand) throws(InvalidValue) -> ListenAddress {
        let text = command.host ?? command.socket
        guard !text.hasPrefix("tcp://") else {
            throw InvalidValue(
                "a worker listens on no TCP port, and so not at \(text): ask a controller, or give the worker a unix socket with --socket")
        }
        return try ListenAddress(text.hasPrefix("unix://") ? text : "unix://\(text)")
    }
}
