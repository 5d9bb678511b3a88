import Glibc

/// The host that tests with the real kernel run on: one that was made for them, never the machine's own namespace.
public enum TestHost {
    /// Whether this is such a host: we are root, and it had nothing but a loopback when this was first asked, which is before tests run.
    public static let isAvailable = geteuid() == 0 && devices() == ["lo"]

    /// The devices of the process's own network namespace: `/sys` may show those of another.
    private static func devices() -> [String] {
        guard let list = if_nameindex() else { return [] }
        defer { if_freenameindex(list) }
        var names: [String] = []
        var entry = list
        while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
            names.append(String(cString: name))
            entry += 1
        }
        return names
    }
}
