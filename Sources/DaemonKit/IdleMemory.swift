import Glibc
public import ServiceLifecycle

/// Gives back the memory of code that is not being used: a moment after the start, and every minute.
///
/// Starting looks through nearly the whole program once: relocations, the table of Swift's conformances. An idle daemon uses little of
/// it. Pages of code are clean copies of files, so giving them back costs no more than mapping them again when they are needed: about
/// a millisecond a minute.
public struct IdleMemory: Service {
    private let clock: any Clock<Duration>

    /// By then a daemon has done each of the things that it does when nobody asks for anything.
    private static let moment = Duration.seconds(2)
    private static let interval = Duration.seconds(60)

    public init(clock: any Clock<Duration>) {
        self.clock = clock
    }

    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await clock.sleep(for: Self.moment)
            while !Task.isCancelled {
                Self.release()
                try await clock.sleep(for: Self.interval)
            }
        }
    }

    /// Only what may be executed: nothing of that is ever written to, so that nothing can be lost (proc_pid_maps(5), madvise(2)).
    private static func release() {
        let maps = (try? DurableFile(path: "/proc/self/maps").read()) ?? ""
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1], let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
    }
}
