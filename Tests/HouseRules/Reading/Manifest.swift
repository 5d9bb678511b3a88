import Foundation

/// What `swift package dump-package` tells of the package's targets.
struct Manifest {
    struct Target: Equatable {
        let name: String
        /// `regular`, `system`, `executable` or `test`.
        let type: String
        /// Targets of this package that it depends on; products of other packages are left out.
        let dependencies: [String]
    }

    let targets: [Target]

    var names: Set<String> { Set(targets.map(\.name)) }

    /// Reads the package's manifest; a scratch folder of its own keeps it off the build's lock.
    static func load(from root: URL) throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "skein-manifest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let dump = Process()
        let output = Pipe()
        dump.executableURL = URL(filePath: "/usr/bin/env")
        dump.arguments = ["swift", "package", "--package-path", root.path(), "--scratch-path", scratch.path(), "dump-package"]
        dump.standardOutput = output
        dump.standardError = FileHandle.nullDevice
        try dump.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        dump.waitUntilExit()
        return try Manifest(json: data)
    }

    init(json: Data) throws {
        let package = try JSONDecoder().decode(DumpedPackage.self, from: json)
        targets = package.targets.map { target in
            Target(name: target.name, type: target.type, dependencies: target.dependencies.compactMap(\.targetName))
        }
    }
}

private struct DumpedPackage: Decodable {
    let targets: [DumpedTarget]
}

private struct DumpedTarget: Decodable {
    let name: String
    let type: String
    let dependencies: [DumpedDependency]
}

/// `{"byName": ["NetworkModel", null]}`, `{"target": [...]}` or `{"product": ["Logging", "swift-log", …]}`.
private struct DumpedDependency: Decodable {
    let targetName: String?

    private enum CodingKeys: String, CodingKey {
        case byName, target
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let names =
            try container.decodeIfPresent([String?].self, forKey: .byName) ?? container.decodeIfPresent([String?].self, forKey: .target)
        targetName = names?.first ?? nil
    }
}
