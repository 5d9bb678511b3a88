public import NetworkModel

/// Why a daemon cannot start or go on; its sentence is printed and the exit status is not zero.
public struct DaemonError: Fault {
    public let kind: FaultKind
    public let message: String

    public init(_ kind: FaultKind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
