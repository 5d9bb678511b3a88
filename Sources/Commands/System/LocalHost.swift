import Glibc
import KernelNetwork
import NetworkModel

/// What this host tells without a worker.
struct LocalHost: Hashable, Sendable {
    struct Worker: Hashable, Sendable {
        let pid: Int32
        /// What its `--socket` says; nil when it is not given.
        let socket: String?
    }

    enum Kernel: Hashable, Sendable {
        case sound
        case lacking(String)
        /// Only root may ask it.
        case unknown
    }

    var workers: [Worker] = []
    /// What the service of systemd gives the worker; nil when the service is not installed.
    var settings: [String: String]?
    var kernel = Kernel.unknown

    static let settingsFile = "/etc/skein/worker.conf"

    /// - Returns: nil when the daemon is on another host.
    static func look(for address: DaemonAddress) async -> LocalHost? {
        guard case .unix = address else { return nil }
        return LocalHost(workers: workers(), settings: text(of: settingsFile).map { Self.settings(in: $0) }, kernel: kernel())
    }

    private static func kernel() -> Kernel {
        guard geteuid() == 0 else { return .unknown }
        do throws(KernelError) {
            try LinuxKernel.check()
            return .sound
        } catch {
            return .lacking(error.message)
        }
    }

    private static func workers() -> [Worker] {
        processes.filter { text(of: "/proc/\($0)/comm") == "skein-worker\n" }.map { pid in
            let arguments = (text(of: "/proc/\(pid)/cmdline") ?? "").split(separator: "\0").map { String($0) }
            return Worker(pid: pid, socket: socket(in: arguments))
        }
    }

    private static var processes: [Int32] {
        guard let stream = opendir("/proc") else { return [] }
        defer { closedir(stream) }
        var numbers: [Int32] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if let number = Int32(name) { numbers.append(number) }
        }
        return numbers.sorted()
    }

    static func socket(in arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            let value: String?
            if argument.hasPrefix("--socket=") {
                value = String(argument.dropFirst("--socket=".count))
            } else {
                value = argument == "--socket" && index + 1 < arguments.count ? arguments[index + 1] : nil
            }
            if let value { return value.hasPrefix("unix://") ? String(value.dropFirst("unix://".count)) : value }
        }
        return nil
    }

    /// The assignments of an environment file (systemd.exec(5), EnvironmentFile=).
    static func settings(in text: String) -> [String: String] {
        var settings: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard let first = line.first, first != "#", first != ";", let equals = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: equals)...]
            while let last = value.last, last.isWhitespace { value.removeLast() }
            if value.count > 1, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
                value = value.dropFirst().dropLast()
            }
            settings[String(line[..<equals])] = String(value)
        }
        return settings
    }

    /// nil if it is not there, or not for this process to read.
    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
