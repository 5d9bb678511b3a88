import FoundationEssentials

/// The package's own programs, which are built beside the tests.
public enum BuiltProgram {
    /// - Parameter name: such as `skein-controller`.
    public static func path(_ name: String) -> String? {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        return tests.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/" + name
    }
}
