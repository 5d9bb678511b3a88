import DesiredState
import KernelNetwork
import NetworkModel

/// Settings and rules: each has a call of its own, and comes before the devices that it is about.
extension ManagedNamespace {
    func writeSettings(to kernel: any NetworkKernel) throws(KernelError) {
        for case (.control(let path), .control(let value)) in objects.updates {
            try kernel.setSystemControl(path, to: value, in: place)
            objects.setActual(.control(value), at: .control(path))
        }
        guard objects.pending.contains(.rules) else { return }
        guard case .value(.rules(let rules)) = objects.wish(for: .rules) else {
            try kernel.setRules(nil, in: place)
            objects.setActual(nil, at: .rules)
            return
        }
        try kernel.setRules(rules, in: place)
        objects.setActual(.rules(rules), at: .rules)
    }

    /// Looks whether the rules are still there: nobody tells when they are flushed (lesson 24).
    /// - Returns: whether they are as they should be.
    func checkRules(of kernel: any NetworkKernel) throws(KernelError) -> Bool {
        guard exists, isKnown, objects.wish(for: .rules) != .nothing else { return true }
        objects.setActual(try kernel.rules(in: place).map { .rules($0) }, at: .rules)
        return !objects.pending.contains(.rules)
    }
}
