import Glibc

/// Settings below `/proc/sys/net`: what is there, and whose it is, depends on the namespace of the thread that looks.
enum SystemControl {
    /// Runs on a thread in the namespace.
    static func write(_ value: String, to path: String, in place: KernelNamespace) throws(KernelError) {
        let operation = "cannot set \(path) in \(place)"
        let file = try open(path, O_WRONLY, operation)
        let bytes = Array(value.utf8)
        guard unsafe bytes.withUnsafeBytes({ unsafe Glibc.write(file.number, $0.baseAddress, $0.count) }) == bytes.count else {
            throw .current("\(operation) to \"\(value)\"")
        }
    }

    /// Runs on a thread in the namespace.
    static func read(_ path: String, in place: KernelNamespace) throws(KernelError) -> String {
        let operation = "cannot read \(path) in \(place)"
        let file = try open(path, O_RDONLY, operation)
        var bytes: [UInt8] = Array(repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file.number, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .current(operation) }
        let text = bytes.prefix(count)
        return String(decoding: text.last == UInt8(ascii: "\n") ? text.dropLast() : text, as: UTF8.self)
    }

    private static func open(_ path: String, _ mode: Int32, _ operation: String) throws(KernelError) -> Descriptor {
        guard path.hasPrefix("net/"), !path.split(separator: "/").contains("..") else {
            throw KernelError(.errno(EINVAL), "\(operation): only what is below net/ belongs to a namespace")
        }
        let number = unsafe Glibc.open("/proc/sys/" + path, mode | O_CLOEXEC)
        guard number >= 0 else { throw .current(operation) }
        return Descriptor(number)
    }
}
