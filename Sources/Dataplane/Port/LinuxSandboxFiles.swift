import Glibc
import NetworkModel

/// Files below `/etc/netns`.
public struct LinuxSandboxFiles: SandboxFiles {
    private let directory: String

    /// - Parameter directory: where iproute2 looks for the files of a namespace (ip-netns(8)).
    public init(directory: String = "/etc/netns") {
        self.directory = directory
    }

    public func namespaces() throws(DataplaneError) -> Set<String> { Set(try entries(of: directory)) }

    public func files(of namespace: String) throws(DataplaneError) -> [String: String] {
        let folder = "\(directory)/\(namespace)"
        var files: [String: String] = [:]
        for name in try entries(of: folder) { files[name] = try read("\(folder)/\(name)") }
        return files
    }

    public func write(_ files: [String: String], for namespace: String) throws(DataplaneError) {
        let folder = "\(directory)/\(namespace)"
        try make(directory)
        try make(folder)
        for (name, text) in files { try write(text, to: "\(folder)/\(name)") }
    }

    public func remove(_ namespace: String) throws(DataplaneError) {
        let folder = "\(directory)/\(namespace)"
        for name in try entries(of: folder) { try check(unlink("\(folder)/\(name)"), "remove", "\(folder)/\(name)") }
        try check(rmdir(folder), "remove", folder)
    }

    // MARK: Calls

    private func entries(of folder: String) throws(DataplaneError) -> [String] {
        guard let stream = opendir(folder) else {
            guard errno == ENOENT else { throw Self.failure("list", folder) }
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    private func make(_ folder: String) throws(DataplaneError) {
        guard mkdir(folder, 0o755) != 0, errno != EEXIST else { return }
        throw Self.failure("make", folder)
    }

    private func read(_ path: String) throws(DataplaneError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Self.readBytes(descriptor, &chunk)
            guard count >= 0 else { throw Self.failure("read", path) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
    }

    private static func readBytes(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
        chunk.withUnsafeMutableBytes { buffer in
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
    }

    /// Not by renaming: `ip netns exec` binds the file itself, and a new one in its place would not be seen. Over what is there and then cut off:
    /// to empty a file first takes filesystems several times as long as all the rest.
    private func write(_ text: String, to path: String) throws(DataplaneError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { buffer in
            Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        guard written == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0 else { throw Self.failure("write", path) }
    }

    private func check(_ result: Int32, _ verb: String, _ path: String) throws(DataplaneError) {
        guard result != 0, errno != ENOENT else { return }
        throw Self.failure(verb, path)
    }

    private static func failure(_ verb: String, _ path: String) -> DataplaneError {
        let number = errno
        return DataplaneError(.unavailable, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
    }
}
