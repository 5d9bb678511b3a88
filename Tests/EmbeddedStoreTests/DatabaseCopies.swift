import TestSupport

extension TemporaryFolder {
    /// Copies a database as a crash at this moment would leave it. By another process: closing a file that SQLite has open in this one
    /// would take its locks away.
    func copyDatabase(_ name: String, to other: String) throws {
        for suffix in ["", "-wal"] { try runCommand(["cp", file(name) + suffix, file(other) + suffix], log: file("cp.log")) }
    }
}
