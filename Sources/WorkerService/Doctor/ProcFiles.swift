import DaemonKit
import Glibc

/// What `/proc` tells (proc(5)).
enum ProcFiles {
    /// The text of a file; nil if it is not there, or is not for this process to read.
    static func text(of path: String) -> String? {
        (try? DurableFile(path: path).read()) ?? nil
    }

    /// The processes that this one can see.
    static var processes: [Int32] {
        names(in: "/proc").compactMap { Int32($0) }.sorted()
    }

    /// Seconds since 1970 at which a process was started; nil if it is gone.
    static func start(of pid: Int32) -> Int? {
        guard let status = text(of: "/proc/\(pid)/stat"), let boot = text(of: "/proc/stat") else { return nil }
        return start(in: status, boot: boot, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
    }

    /// - Parameters:
    ///   - status: the text of `/proc/PID/stat`.
    ///   - boot: the text of `/proc/stat`.
    static func start(in status: String, boot: String, ticksPerSecond: Int) -> Int? {
        // The name in parentheses may hold anything; the start is the 20th field behind it, in ticks since the boot.
        let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
        let line = boot.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 19, let ticks = Int(fields[19]), let seconds = line.flatMap({ Int($0.dropFirst("btime ".count)) }) else {
            return nil
        }
        return seconds + ticks / ticksPerSecond
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    /// Where a symbolic link leads.
    static func target(of link: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = readlink(link, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

/// Which file a path leads to, and when that was changed.
struct FileFacts: Sendable {
    private let device: UInt
    private let number: UInt
    /// Seconds since 1970.
    let modified: Int

    /// nil if there is none, or it cannot be reached.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
        modified = status.st_mtim.tv_sec
    }

    func isSame(as other: FileFacts) -> Bool { device == other.device && number == other.number }
}

/// Who has a UDP port.
enum PortHolder {
    /// The program that holds it, as "NAME (pid N)"; nil if nobody does, or the kernel itself, whose sockets are no process's.
    static func program(ofUDPPort port: UInt16) -> String? {
        let lines = ["udp", "udp6"].compactMap { ProcFiles.text(of: "/proc/net/\($0)") }.joined(separator: "\n")
        let sockets = sockets(of: port, in: lines)
        guard !sockets.isEmpty else { return nil }
        for pid in ProcFiles.processes {
            let folder = "/proc/\(pid)/fd"
            guard ProcFiles.names(in: folder).contains(where: { sockets.contains(ProcFiles.target(of: "\(folder)/\($0)") ?? "") }) else {
                continue
            }
            return "\(ProcFiles.text(of: "/proc/\(pid)/comm")?.filter { $0 != "\n" } ?? "a process") (pid \(pid))"
        }
        return nil
    }

    /// The sockets bound to a port, as a descriptor's link names them: `socket:[12345]`.
    /// - Parameter lines: of `/proc/net/udp`.
    static func sockets(of port: UInt16, in lines: String) -> Set<String> {
        let hexadecimal = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - hexadecimal.utf8.count) + hexadecimal
        let found = lines.split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[1].hasSuffix(suffix) else { return nil }
            return "socket:[\(fields[9])]"
        }
        return Set(found)
    }
}
