import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import Dispatch
import EngineClient
import HTTPTransport
import KernelNetwork
import NetworkModel
import WorkerAPI

/// Looks at a worker, its host and the engine beside it, for `skein doctor`.
struct Doctor: DoctorBackend {
    let worker: WorkerBackend
    let kernel: any NetworkKernel
    let vxlanPort: UInt16
    /// What the store is shown; nil without one.
    let certificate: OwnCertificate?
    /// nil without an engine.
    let engine: EngineExamination?
    let clock: any Clock<Duration>

    /// How long one thing may take that does not answer.
    static let patience = Duration.seconds(2)

    func examine() async -> [DoctorCheck] {
        let facts = await facts()
        return HostChecks(facts: facts).all + (facts.engine.map { EngineChecks(facts: $0).all } ?? [])
    }

    func facts() async -> DoctorFacts {
        let record = await worker.membership.record
        async let nodes = outcome { try await worker.operations.nodes() }
        async let host = Self.look(at: kernel, record: record, vxlanPort: vxlanPort)
        async let engine = engine?.facts(of: worker)
        var facts = DoctorFacts(record: record, store: worker.scopes.global.catalog.store.location, vxlanPort: vxlanPort)
        switch await nodes {
        case .success(let nodes): facts.nodes = nodes
        case .failure(let fault): facts.storeFault = fault.message
        }
        do {
            _ = try await worker.membership.claim()
        } catch {
            facts.joinFault = error.message
        }
        facts.certificate = certificate.map { ($0, $0.state(at: worker.time.now())) }
        facts.losses = await worker.recovery.losses
        facts.dataplaneFault = await worker.dataplane.fault
        let found = await host
        facts.kernelFault = found.kernelFault
        facts.underlay = found.underlay
        facts.vxlanHolder = found.vxlanHolder
        facts.engine = await engine
        return facts
    }

    /// What a call that goes elsewhere came to, within the bound.
    private func outcome<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, DaemonError> {
        do {
            if let value = try await withDeadline(Self.patience, on: clock, work) { return .success(value) }
            return .failure(DaemonError(.unavailable, "no answer within \(Self.patience.components.seconds) s"))
        } catch {
            return .failure(DaemonError(.unavailable, (error as? any Fault)?.message ?? "\(error)"))
        }
    }

    private struct HostFindings: Sendable {
        var kernelFault: String?
        var underlay: DoctorFacts.Underlay
        var vxlanHolder: String?
    }

    /// Looks at the host on a thread that may block.
    private static func look(at kernel: any NetworkKernel, record: NodeRecord, vxlanPort: UInt16) async -> HostFindings {
        await blocking {
            HostFindings(
                kernelFault: fault { () throws(KernelError) in try LinuxKernel.check() }, underlay: underlay(of: record, kernel),
                vxlanHolder: PortHolder.program(ofUDPPort: vxlanPort))
        }
    }

    private static func fault(_ check: () throws(KernelError) -> Void) -> String? {
        do throws(KernelError) {
            try check()
            return nil
        } catch {
            return error.message
        }
    }

    private static func underlay(of record: NodeRecord, _ kernel: any NetworkKernel) -> DoctorFacts.Underlay {
        do throws(KernelError) {
            return .mtu(try kernel.underlayMTU(of: record.vtep))
        } catch {
            return .gone(error.message)
        }
    }
}

/// Runs work that blocks on a thread of Dispatch's and not of the cooperative pool's.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
}
