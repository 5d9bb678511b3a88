import Glibc

/// What the process is allowed to do: capabilities(7).
enum Privileges {
    /// The numbers of linux/capability.h.
    private static let needed = [(name: "CAP_NET_ADMIN", bit: 12), (name: "CAP_SYS_ADMIN", bit: 21)]

    static func check() throws(KernelError) {
        let missing = missing(fromStatus: File.read("/proc/thread-self/status"))
        guard missing.isEmpty else {
            throw KernelError(
                .notPermitted, "cannot manage the kernel's networking without \(missing.joined(separator: " and ")): run it as root")
        }
    }

    /// - Parameter status: the text of `/proc/thread-self/status`.
    static func missing(fromStatus status: String) -> [String] {
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let digits = line?.split(whereSeparator: \.isWhitespace).last ?? ""
        let effective = UInt64(digits, radix: 16) ?? 0
        return needed.filter { effective >> UInt64($0.bit) & 1 == 0 }.map(\.name)
    }
}

/// Small text files of the kernel's.
enum File {
    /// The first 64 KiB of a file; empty if it cannot be read.
    static func read(_ path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = Array(repeating: 0, count: 1 << 16)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
