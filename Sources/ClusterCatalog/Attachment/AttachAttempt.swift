import ClusterStore
import NetworkModel

/// One attach on its way.
struct AttachAttempt {
    let request: AttachRequest
    var allocation: AllocationAttempt

    init(_ request: AttachRequest, network: CatalogEntry<NetworkRecord>, claim: NodeClaim, known: AddressSet) {
        self.request = request
        let isForEngine = request.kind == .engine
        let choice = AddressChoice(
            network: network.record, chosen: request.attachment.addresses, isGranted: isForEngine, reservations: request.reservations,
            known: known)
        allocation = AllocationAttempt(in: network, as: claim, choice: choice, sandbox: request.sandbox, isForEngine: isForEngine)
    }

    /// Whether an endpoint with the id that is asked for is what an earlier round or call made. A container engine gives an id to one
    /// endpoint only, and tells the sandbox later.
    func hasMade(_ endpoint: EndpointRecord) -> Bool {
        guard endpoint.node == allocation.claim.node else { return false }
        return endpoint.sandbox == request.sandbox || endpoint.kind == .engine && request.kind == .engine
    }

    func endpoint(at addresses: [IPAddress], _ randomness: any Randomness) -> EndpointRecord {
        var generator = RandomnessGenerator(randomness)
        let mac = request.attachment.mac ?? addresses.lazy.compactMap(MACAddress.init(of:)).first ?? MACAddress(random: &generator)
        let claim = allocation.claim
        return EndpointRecord(
            id: request.endpoint, network: allocation.network.record.id, name: request.name, aliases: request.attachment.aliases,
            addresses: addresses, mac: mac, node: claim.node, epoch: claim.epoch, sandbox: request.sandbox, kind: request.kind,
            interface: request.interface, options: request.attachment.options)
    }

    /// The one transaction of an attach.
    func transaction(for endpoint: EndpointRecord) throws(CatalogError) -> StoreTransaction {
        let record = CatalogKeys.endpoint(endpoint.id, of: endpoint.network)
        let name = CatalogKeys.name(endpoint.name, of: endpoint.network)
        let compares =
            [.absent(record)] + (allocation.heldByEvicted.contains(name) ? [] : [.absent(name)])
            + allocation.compares(claiming: endpoint.addresses)
        return StoreTransaction(compares, then: try endpoint.puts + allocation.evictions(besides: endpoint.keys))
    }
}

extension EndpointRecord {
    /// The keys that nobody else may hold: its name and its addresses.
    var claims: [StoreKey] {
        [CatalogKeys.name(name, of: network)] + addresses.map { CatalogKeys.address($0, of: network) }
    }

    /// What writes an endpoint.
    var puts: [StoreOperation] {
        get throws(CatalogError) {
            var puts = [try RecordCoding.put(self, at: CatalogKeys.endpoint(id, of: network))]
            puts.append(try RecordCoding.put(id, at: CatalogKeys.name(name, of: network)))
            puts.append(try RecordCoding.put(network, at: CatalogKeys.nodeEndpoint(id, on: node)))
            for address in addresses {
                puts.append(try RecordCoding.put(AddressRecord.endpoint(id), at: CatalogKeys.address(address, of: network)))
            }
            return puts
        }
    }

    /// All keys of an endpoint: they are written and deleted together.
    var keys: [StoreKey] {
        [CatalogKeys.endpoint(id, of: network), CatalogKeys.nodeEndpoint(id, on: node)] + claims
    }
}

extension CatalogEntry<EndpointRecord> {
    /// The endpoint is as it was read, and so are its claims.
    var compare: StoreCompare { .unchanged(CatalogKeys.endpoint(record.id, of: record.network), since: revision) }
}
