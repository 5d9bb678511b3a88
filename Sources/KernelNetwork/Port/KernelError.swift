public import NetworkModel

/// What the kernel refused, with its error number where there is one.
public struct KernelError: Fault, Hashable {
    public enum Code: Hashable, Sendable {
        /// An errno(3) number.
        case errno(Int32)
        /// A dump was interrupted (NLM_F_DUMP_INTR) time after time.
        case dumpInterrupted
        /// The namespace is not there.
        case noSuchNamespace
        /// A feature that the kernel does not have, such as VXLAN.
        case missingFeature
        /// Root's privileges (CAP_NET_ADMIN, CAP_SYS_ADMIN) are missing.
        case notPermitted
        /// nftables refused a ruleset.
        case ruleset
    }

    public let code: Code
    /// Names the operation and the object, such as `cannot add vxlan0 in skein-4f…: file exists`.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var kind: FaultKind {
        switch code {
        case .errno, .ruleset: .unavailable
        case .dumpInterrupted: .unavailable
        case .noSuchNamespace: .notFound
        case .missingFeature: .unsupported
        case .notPermitted: .forbidden
        }
    }
}
