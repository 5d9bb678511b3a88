import FoundationEssentials
import Glibc

/// What this process has in memory, in MB (proc(5), `status`).
struct ProcessMemory {
    let resident: Double
    /// The most that it ever had.
    let peak: Double

    static var now: ProcessMemory {
        let lines = ((try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? "").split(separator: "\n")
        let megabytes = { (name: String) in
            lines.first { $0.hasPrefix(name) }.flatMap { Double($0.split(whereSeparator: \.isWhitespace)[1]) }.map { $0 / 1024 } ?? 0
        }
        return ProcessMemory(resident: megabytes("VmRSS:"), peak: megabytes("VmHWM:"))
    }
}

enum ProcessLimits {
    /// Lets this process have as many connections as the kernel grants.
    static func raiseOpenFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
