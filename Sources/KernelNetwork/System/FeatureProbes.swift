import Glibc
import NetworkModel

/// Asks the kernel for one thing, and says what it lacks if it does not know it.
struct FeatureProbe {
    /// In words for a message, with the kernel's name for it.
    let feature: String
    let attempt: () throws(KernelError) -> Void

    init(_ feature: String, _ attempt: @escaping () throws(KernelError) -> Void) {
        self.feature = feature
        self.attempt = attempt
    }

    /// Whether the kernel does not know it (`EOPNOTSUPP`).
    /// - Throws: any other error.
    var isRefused: Bool {
        get throws(KernelError) {
            do throws(KernelError) {
                try attempt()
                return false
            } catch  where error.code == .errno(EOPNOTSUPP) {
                return true
            }
        }
    }
}

extension [FeatureProbe] {
    /// The features that the kernel lacks, in their order.
    func missing() throws(KernelError) -> [String] {
        var missing: [String] = []
        for probe in self where try probe.isRefused { missing.append(probe.feature) }
        return missing
    }
}

extension KernelError {
    /// What is said of a kernel that lacks features, or nil if there are none.
    static func lacking(_ features: [String]) -> KernelError? {
        guard !features.isEmpty else { return nil }
        return KernelError(
            .missingFeature,
            "this kernel lacks \(features.joined(separator: ", ")): load the modules, or run a kernel that has them")
    }
}
