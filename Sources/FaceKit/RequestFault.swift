public import NetworkModel

/// What a face itself refuses, before anything behind it is asked.
public struct RequestFault: Fault, Hashable {
    public let kind: FaultKind
    public let message: String

    public init(_ kind: FaultKind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
