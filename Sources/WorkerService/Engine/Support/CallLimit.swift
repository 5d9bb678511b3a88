import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import NetworkModel

/// How long a call of the container engine may take: the engine holds locks meanwhile (lesson 10).
///
/// It is less than the face of the driver allows, which could only say that time was up.
struct CallLimit: Sendable {
    let global: ScopedCatalog
    let dataplane: Dataplane
    let clock: any Clock<Duration>

    let whole: Duration
    /// How long a call waits for what another part of this worker is about to find out: less than the whole, so that it can say for what.
    let patience: Duration

    /// Runs the work of a call.
    /// - Throws: what the work throws, or ``DaemonKit/DaemonError`` with the cause when it takes too long: it has ended then.
    func run<Value: Sendable>(_ call: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let value = try await withDeadline(whole, on: clock, work) { return value }
        try Task.checkCancellation()
        throw DaemonError(.unavailable, "\(call) could not be done within \(whole): \(await cause)")
    }

    private var cause: String {
        get async {
            if let interruption = await global.mirror.interruption { return interruption.message }
            guard await global.mirror.isInSync else { return "this node has not read yet what it holds" }
            return await dataplane.fault ?? "the cluster store at \(global.catalog.store.location) or the kernel is slow; try again"
        }
    }
}
