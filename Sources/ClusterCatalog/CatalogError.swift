public import ClusterStore
public import NetworkModel

/// What the catalog refuses, or could not do. The wording is Docker 28's where Docker has the case.
public struct CatalogError: Fault, Hashable {
    public enum Code: String, Hashable, Sendable {
        case networkNotFound, nodeNotFound, sandboxNotFound, requestNotFound
        /// The endpoint was detached meanwhile.
        case endpointNotFound
        /// Several things have the name or id prefix that was asked for.
        case ambiguous
        /// Another network has the name.
        case networkNameTaken
        /// Another endpoint of the network has the name.
        case endpointNameTaken
        /// The address is reserved, or another endpoint's.
        case addressTaken
        /// No address of the network is free.
        case noAddress
        /// The pool overlaps another one, or a host's route.
        case poolOverlap
        /// Every default pool is in use.
        case noPool
        /// The VNI asked for is another network's, or all are in use.
        case vniTaken, noVNI
        case networkInUse
        /// Somebody is removing the network.
        case networkRemoving
        /// The network's name is one of Docker's predefined ones.
        case predefinedNetwork
        /// The request will be wrong again.
        case invalid
        /// There is no such network driver or address management driver.
        case noDriver
        /// A known option that is not honoured.
        case unsupported
        /// This node's claim has ended: its record is gone, or a later life of its worker wrote it.
        case fenced
        /// A live worker already has the node's id.
        case nodeTaken
        /// The node is alive, so its record cannot be removed.
        case nodeAlive
        /// A node did not answer a request in time, or is not there to answer.
        case notAnswered
        /// A node carried out a request and it failed; the kind is the one the node gave.
        case requestFailed
        /// A lost race was retried until the bound.
        case contention
        /// A newer Skein wrote the catalog.
        case newerFormat
        /// The catalog is being imported, and half of it is not to be taken for the whole.
        case importing
        /// A value of the store is not what its key says.
        case undecodable
        /// The store failed; see ``CatalogError/storeCode``.
        case store
    }

    public let code: Code
    public let kind: FaultKind
    public let message: String
    /// Why the store failed, with ``Code/store``.
    public let storeCode: StoreError.Code?

    init(_ code: Code, _ message: String) {
        self.init(code, kind: Self.kind(of: code), message)
    }

    init(_ code: Code, kind: FaultKind, _ message: String) {
        self.code = code
        self.kind = kind
        self.message = message
        self.storeCode = nil
    }

    init(_ error: StoreError) {
        self.code = .store
        self.kind = error.kind
        self.message = error.message
        self.storeCode = error.code
    }

    /// Docker answers 403 to a used name, address or pool, and 409 only to a network's name.
    private static func kind(of code: Code) -> FaultKind {
        switch code {
        case .networkNotFound, .nodeNotFound, .sandboxNotFound, .requestNotFound, .endpointNotFound, .noDriver: .notFound
        case .networkNameTaken, .vniTaken, .nodeTaken, .nodeAlive, .fenced: .conflict
        case .endpointNameTaken, .addressTaken, .poolOverlap, .networkInUse, .networkRemoving, .predefinedNetwork: .forbidden
        case .noAddress, .noPool, .noVNI: .exhausted
        case .ambiguous, .invalid: .invalid
        case .unsupported, .newerFormat: .unsupported
        case .notAnswered, .contention, .importing, .undecodable, .store: .unavailable
        case .requestFailed: .unknown
        }
    }
}
