import Foundation

/// One Swift file of the package.
struct SourceFile {
    /// Relative to the package, such as `Sources/NetworkModel/Values/VNI.swift`.
    let path: String
    let text: String

    /// `Sources` or `Tests`.
    var area: String { components.first ?? "" }
    /// The folder below the area: the target's name.
    var target: String { components.dropFirst().first ?? "" }
    var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - (text.hasSuffix("\n") ? 1 : 0) }

    private var components: [String] { path.split(separator: "/").map(String.init) }
}

/// The package that these tests are part of, on disk.
struct SourceTree {
    let root: URL

    /// Three folders above this file, symbolic links resolved.
    static let package = SourceTree(
        root: URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent())

    /// The Swift files of `Sources` and `Tests`, in the order of their paths.
    func swiftFiles() throws -> [SourceFile] {
        try ["Sources", "Tests"].flatMap { area in
            try paths(below: area).filter { $0.hasSuffix(".swift") }.map { SourceFile(path: $0, text: try text(of: $0)) }
        }
    }

    /// The files below a folder, relative to the package, sorted.
    func paths(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path()).map { "\(folder)/\($0)" }.sorted()
    }

    /// The folders directly in a folder, sorted.
    func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path()).filter {
            root.appending(path: "\(folder)/\($0)").resolvingSymlinksInPath().hasDirectoryPath
        }.sorted()
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path())
    }

    func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
