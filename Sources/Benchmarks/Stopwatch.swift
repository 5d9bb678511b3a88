import Glibc

/// Instants that processes on one machine can compare, `ip -ts` among them: microseconds of its time of day
/// (clock_gettime(2), CLOCK_REALTIME).
enum Stopwatch {
    static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// Prints one measurement and hands it on at once: its reader may be waiting for it.
    static func report(_ line: String) {
        print(line)
        fflush(nil)
    }
}

extension Stopwatch {
    /// The processor time that this process has used, in microseconds (CLOCK_PROCESS_CPUTIME_ID).
    static func processorMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
