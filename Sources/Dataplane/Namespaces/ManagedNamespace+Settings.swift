import DesiredState
import KernelNetwork
import NetworkModel

/// Settings and rules: each has a call of its own, and comes before the devices that it is about.
extension ManagedNamespace {
    func writeSettings(to kernel: any NetworkKernel) throws(KernelError) {
        try writeControls(to: kernel) { $0.deviceOfControl == nil }
        if objects.pending.contains(.rules) { try writeRules(to: kernel) }
        try endConnections(of: kernel)
    }

    private func writeRules(to kernel: any NetworkKernel) throws(KernelError) {
        let before = Self.rules(objects.actual(at: .rules))
        var after: PacketRules?
        if case .value(let wish) = objects.wish(for: .rules) { after = Self.rules(wish) }
        try kernel.setRules(after, in: place)
        objects.setActual(after.map { .rules($0) }, at: .rules)
        let (old, new) = (before?.translations ?? [:], after?.translations ?? [:])
        changedArrivals.formUnion(Set(old.keys).union(new.keys).filter { old[$0] != new[$0] })
    }

    private func endConnections(of kernel: any NetworkKernel) throws(KernelError) {
        guard !changedArrivals.isEmpty else { return }
        let translations = Self.rules(objects.actual(at: .rules))?.translations ?? [:]
        try kernel.forgetConnections(to: changedArrivals, except: translations, in: place)
        changedArrivals = []
    }

    private static func rules(_ state: ObjectState?) -> PacketRules? {
        if case .rules(let rules) = state { rules } else { nil }
    }

    /// Settings of devices that are there.
    func writeDeviceSettings(to kernel: any NetworkKernel) throws(KernelError) {
        try writeControls(to: kernel) { object in object.deviceOfControl.map { objects.actual(at: .link($0)) != nil } ?? false }
    }

    private func writeControls(to kernel: any NetworkKernel, where isMeant: (KernelObject) -> Bool) throws(KernelError) {
        for case (let object, .control(let value)) in objects.updates where isMeant(object) {
            guard case .control(let path) = object else { continue }
            try kernel.setSystemControl(path, to: value, in: place)
            objects.setActual(.control(value), at: object)
        }
    }

    /// Looks whether the rules are still there: nobody tells when they are flushed (lesson 24).
    /// - Returns: whether they are as they should be.
    func checkRules(of kernel: any NetworkKernel) throws(KernelError) -> Bool {
        guard exists, isKnown, objects.wish(for: .rules) != .nothing else { return true }
        objects.setActual(try kernel.rules(in: place).map { .rules($0) }, at: .rules)
        return !objects.pending.contains(.rules)
    }
}
