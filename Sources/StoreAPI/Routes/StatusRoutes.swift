import ClusterStore
import EtcdProtocol
import Hummingbird

extension StoreRoutes {
    /// The version of etcd whose gateway this is like.
    private static let version = "3.4.0"

    func addStatus(to router: Router<some RequestContext>) {
        add(.status, to: router) { (_: NoFields) in
            let revision = try await store.currentRevision()
            let index = UInt64(clamping: revision.rawValue)
            let size = try await maintenance?.size()
            return EtcdStatusResponse(
                header: header(revision), version: Self.version, dbSize: size?.bytes ?? 0, leader: store.identity, raftIndex: index,
                raftTerm: 1, raftAppliedIndex: index, dbSizeInUse: size?.used ?? 0)
        }
        // A client that has a name and a password learns that nobody asks for them.
        router.post(RouterPath(EtcdCall.authenticate.path)) { _, _ -> Response in throw EtcdErrorBody.authNotEnabled }
        router.get("health") { _, _ in
            let isHealthy = (try? await store.currentRevision()) != nil
            return try Response.etcd(EtcdHealth(isHealthy: isHealthy), status: isHealthy ? .ok : .serviceUnavailable)
        }
        router.get("version") { _, _ in
            try Response.etcd(EtcdVersion(etcdserver: Self.version, etcdcluster: Self.version))
        }
    }

    private struct NoFields: Decodable {}
}
