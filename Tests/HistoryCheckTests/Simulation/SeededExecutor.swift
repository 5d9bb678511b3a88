import NetworkModel
import Synchronization
import TestSupport

/// Runs tasks one piece at a time on the calling thread, the next one by lot: what happens follows from the seed alone.
final class SeededExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let randomness: SeededRandomness
    private let clock: ManualClock

    /// - Parameter clock: moved on when nothing can be done now.
    init(seed: UInt64, clock: ManualClock) {
        randomness = SeededRandomness(seed: seed)
        self.clock = clock
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs a body and all that it starts.
    /// - Throws: its error, or a ``TestProblem`` when everybody waits for something that this thread does not do.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let task = Task(executorPreference: self) {
            do {
                let value = try await body()
                result.withLock { $0 = .success(value) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
        }
        defer { task.cancel() }
        while true {
            if let job = next() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if let result = result.withLock({ $0 }) {
                return try result.get()
            } else if !clock.advanceToNextSleeper() {
                throw TestProblem("everybody in the simulation waits, and nobody sleeps")
            }
        }
    }

    private func next() -> UnownedJob? {
        jobs.withLock { jobs in
            guard !jobs.isEmpty else { return nil }
            return jobs.remove(at: Int(randomness.next() % UInt64(jobs.count)))
        }
    }
}
