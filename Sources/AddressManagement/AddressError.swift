public import NetworkModel

/// Why a pool or an address cannot be given out. The wording is Docker 28's where Docker has the case.
public struct AddressError: Fault, Hashable {
    public enum Code: String, Hashable, Sendable {
        /// The request contradicts itself, or names an address outside of its subnet.
        case invalid
        /// The pool overlaps another one of its address space, or a host's route.
        case overlap
        /// Every default pool is in use.
        case noPool
        /// The address is reserved or somebody else's.
        case taken
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var kind: FaultKind {
        switch code {
        case .invalid: .invalid
        // Docker answers 403 here and not 409.
        case .overlap, .taken: .forbidden
        case .noPool: .exhausted
        }
    }
}
