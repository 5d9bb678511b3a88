import ClusterCatalog
import NetworkModel

/// The endpoints of one network on all nodes, and the addresses that they hold.
struct NetworkEndpoints: Sendable {
    typealias Change = MirroredPrefix<EndpointID, EndpointRecord>.Change

    private(set) var mirror: MirroredPrefix<EndpointID, EndpointRecord>
    private var holders: [IPAddress: EndpointID] = [:]
    /// What an attach need not try; an address whose endpoint is not known yet costs it a lost race and nothing else.
    private(set) var knownAddresses: AddressSet = []

    init(mirror: MirroredPrefix<EndpointID, EndpointRecord>) {
        self.mirror = mirror
    }

    mutating func update(_ body: (inout MirroredPrefix<EndpointID, EndpointRecord>) -> [Change]) -> [Change] {
        let changes = body(&mirror)
        for change in changes {
            for address in change.before?.addresses ?? [] where holders[address] == change.id {
                holders[address] = nil
                knownAddresses.remove(address)
            }
            for address in change.record?.addresses ?? [] {
                holders[address] = change.id
                knownAddresses.insert(address)
            }
        }
        return changes
    }
}
