import DaemonKit
import Glibc
import KernelNetwork
import NetworkModel

/// The processes that run in sandboxes: they end before their namespace goes.
struct SandboxProcesses: Sendable {
    let kernel: any NetworkKernel
    let clock: any Clock<Duration>

    /// How long a process has after SIGTERM, as in `docker stop`.
    private static let patience = Duration.seconds(10)
    private static let lookInterval = Duration.milliseconds(20)

    /// Ends what runs in a sandbox.
    /// - Throws: ``DaemonError`` naming them when there are some and it is not forced.
    func end(in sandbox: SandboxRecord, force: Bool) async throws {
        let running = processes(in: sandbox)
        guard !running.isEmpty else { return }
        guard force else {
            let list = running.prefix(5).map { String($0) }.joined(separator: ", ")
            throw DaemonError(
                .forbidden, "sandbox \(sandbox.name) has running processes (\(list)): stop them, or remove it with --force")
        }
        for process in running { kill(process, SIGTERM) }
        let gone = try await withDeadline(Self.patience, on: clock) {
            while !processes(in: sandbox).isEmpty { try await clock.sleep(for: Self.lookInterval) }
            return true
        }
        guard gone == nil else { return }
        for process in processes(in: sandbox) { kill(process, SIGKILL) }
    }

    private func processes(in sandbox: SandboxRecord) -> [Int32] {
        // A namespace that is not there has no processes.
        (try? kernel.processes(in: .named(sandbox.namespaceName))) ?? []
    }
}

extension SandboxRecord {
    /// The namespace of a native sandbox below `/run/netns`.
    var namespaceName: String { "sk-\(name)" }
}
