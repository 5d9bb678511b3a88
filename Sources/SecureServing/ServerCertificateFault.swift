public import NetworkModel

/// Why the files of a server cannot be used.
public struct ServerCertificateFault: Fault, Hashable {
    public let message: String
    public var kind: FaultKind { .invalid }

    init(_ message: String) {
        self.message = message
    }
}
