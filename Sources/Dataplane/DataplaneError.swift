public import NetworkModel

/// Why the kernel is not as planned.
public struct DataplaneError: Fault, Hashable {
    public let kind: FaultKind
    public let message: String

    public init(_ kind: FaultKind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
