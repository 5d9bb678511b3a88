import Foundation

/// A folder that goes with its last user.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "skein-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Copies a database as a crash at this moment would leave it. By another process: closing a file that SQLite has open in this one
    /// would take its locks away.
    func copyDatabase(_ name: String, to other: String) throws {
        for suffix in ["", "-wal"] {
            let copy = Process()
            copy.executableURL = URL(fileURLWithPath: "/bin/cp")
            copy.arguments = [file(name) + suffix, file(other) + suffix]
            try copy.run()
            copy.waitUntilExit()
        }
    }
}
