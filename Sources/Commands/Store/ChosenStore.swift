import ClusterCatalog
import ClusterStore
import DaemonKit
import EmbeddedStore
import Glibc
import Logging
import NetworkModel

/// The store that the flags choose.
struct ChosenStore {
    let store: any ClusterStore
    private let ports: DaemonPorts

    /// - Parameter mayBeNew: whether an embedded store that is not there is made.
    init(_ flags: StoreFlags, mayBeNew: Bool = false) throws {
        // What a store has to say is in its errors.
        ports = .host(logger: Logger(label: "skein") { _ in SwiftLogNoOpLogHandler() })
        let choice = try StoreChoice(flags)
        switch choice.place {
        case .etcd(let servers), .consul(let servers): store = try choice.connect(to: servers, ports)
        case .embedded(let path):
            guard mayBeNew || access(path, F_OK) == 0 else { throw CommandFault(.notFound, "there is no store at \(path)") }
            store = try EmbeddedStore(path: path, root: choice.root, clock: ports.clock, logger: ports.logger)
        }
    }

    /// What looks after the store as a whole, where the store offers that.
    var maintenance: (any StoreMaintenance)? { store as? any StoreMaintenance }

    var catalog: ClusterCatalog {
        ClusterCatalog(
            store: store, scope: .global, randomness: ports.randomness, wallTime: ports.time, clock: ports.clock, logger: ports.logger)
    }

    /// The whole catalog as it is now.
    func archive() async throws -> CatalogArchive {
        try CatalogArchive(try await store.list(StoreKey(path: "")), of: store, at: ports.time.now())
    }
}
