import Dispatch

/// Where the data plane runs: one job after the other on a thread that is not the cooperative pool's, since the kernel's calls block.
final class KernelQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "skein.dataplane", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
