import ClusterStore
import EtcdProtocol
import Hummingbird

extension StoreRoutes {
    func addLeases(to router: Router<some RequestContext>) {
        add(.leaseGrant, to: router) { (request: EtcdLeaseGrantRequest) in
            if request.id != 0, try await store.rawLease(request.id) != nil { throw EtcdErrorBody.leaseExists }
            let lease = try await store.grantRawLease(request.id == 0 ? nil : request.id, seconds: max(1, request.ttl))
            return EtcdLeaseResponse(header: try await header(), id: lease.id, ttl: lease.seconds)
        }
        add(.leaseRevoke, to: router) { (request: EtcdLeaseRequest) in
            try await store.revokeRawLease(request.id)
            return EtcdHeaderResponse(header: try await header())
        }
        // A stream in etcd, of one frame for one request. A lease that is gone has no time.
        add(.leaseKeepAlive, to: router) { (request: EtcdLeaseRequest) in
            EtcdStreamFrame.result(EtcdLeaseResponse(header: try await header(), id: request.id, ttl: try await renew(request.id)))
        }
        add(.leaseTimeToLive, to: router) { (request: EtcdLeaseTimeToLiveRequest) in
            guard let lease = try await store.rawLease(request.id) else {
                return EtcdLeaseTimeToLiveResponse(header: try await header(), id: request.id, ttl: -1)
            }
            return EtcdLeaseTimeToLiveResponse(
                header: try await header(), id: lease.id, ttl: lease.remaining, grantedTTL: lease.seconds,
                keys: request.keys ? lease.keys.map(\.bytes) : [])
        }
    }

    private func renew(_ lease: Int64) async throws(StoreError) -> Int64 {
        do throws(StoreError) {
            return try await store.renewRawLease(lease).seconds
        } catch {
            guard error.code == .leaseNotFound else { throw error }
            return 0
        }
    }
}
