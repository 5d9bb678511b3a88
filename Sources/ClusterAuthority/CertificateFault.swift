public import NetworkModel

/// Why a certificate cannot be made or read.
public struct CertificateFault: Fault, Hashable {
    public let kind: FaultKind
    public let message: String

    public init(_ kind: FaultKind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
