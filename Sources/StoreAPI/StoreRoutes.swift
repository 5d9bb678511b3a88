public import ClusterStore
import EtcdProtocol
public import Hummingbird

/// A store served as the subset of etcd's v3 JSON gateway that `EtcdStore` and scripts speak.
///
/// A member of one: it names itself as its leader.
public struct StoreRoutes: Sendable {
    let store: any RawStore
    let maintenance: (any StoreMaintenance)?

    /// - Parameter maintenance: what looks after the store; without it there are no sizes, no copies and no checks.
    public init(store: any RawStore, maintenance: (any StoreMaintenance)? = nil) {
        self.store = store
        self.maintenance = maintenance
    }

    /// Adds every route, and the form of etcd's errors for all that comes after. The router serves nothing else.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        router.add(middleware: EtcdErrors())
        addKeys(to: router)
        addLeases(to: router)
        addWatch(to: router)
        addStatus(to: router)
        addMaintenance(to: router)
    }

    /// Adds a call: decodes its request, carries it out, encodes the answer.
    func add<Message: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
        _ call: EtcdCall, to router: Router<some RequestContext>, _ carryOut: @escaping @Sendable (Message) async throws -> Answer
    ) {
        router.post(RouterPath(call.path)) { request, _ in
            try Response.etcd(try await carryOut(try await request.etcdMessage()))
        }
    }

    /// The head of an answer.
    func header(_ revision: StoreRevision) -> EtcdResponseHeader {
        EtcdResponseHeader(clusterID: store.identity, memberID: store.identity, revision: revision.rawValue, raftTerm: 1)
    }

    func header() async throws -> EtcdResponseHeader {
        header(try await store.currentRevision())
    }
}
