import Foundation
import Testing

@Suite struct FloorTests {
    private let files: [SourceFile]
    private var sources: [SourceFile] { files.filter { $0.area == "Sources" } }

    init() throws {
        files = try SourceTree.package.swiftFiles()
    }

    @Test func `targets depend on lower floors only, as the manifest and the imports tell`() throws {
        let manifest = try Manifest.load(from: SourceTree.package.root)
        #expect(Floors.violations(in: manifest) == [])
        #expect(Floors.violations(in: files, manifest: manifest) == [])
    }

    @Test func `each C module has one Swift importer`() {
        let modules = Floors.all.first { $0.name == "C" }?.targets ?? []
        #expect(Floors.sharedCModules(in: sources, modules: modules) == [])
    }

    // MARK: Planted violations

    @Test func `a dependency on a sibling, on a higher floor or on no floor is found`() throws {
        let manifest = try Manifest(
            json: Data(
                """
                {"targets": [
                    {"name": "DesiredState", "type": "regular", "dependencies": [{"byName": ["NameZone", null]}]},
                    {"name": "ClusterStore", "type": "regular", "dependencies": [{"target": ["Commands", null]}]},
                    {"name": "NameServer", "type": "regular", "dependencies": [{"product": ["NIOCore", "swift-nio", null, null]}]},
                    {"name": "skein", "type": "executable", "dependencies": [{"byName": ["TestSupport", null]}]},
                    {"name": "TestSupport", "type": "regular", "dependencies": []},
                    {"name": "Stray", "type": "regular", "dependencies": []}
                ]}
                """.utf8))
        #expect(
            Floors.violations(in: manifest) == [
                "DesiredState depends on NameZone, which is not on a lower floor",
                "ClusterStore depends on Commands, which is not on a lower floor",
                "skein depends on TestSupport, which is for tests",
                "Stray is on no floor",
            ])
    }

    @Test func `an import that is not declared, or of a store outside composition, is found`() throws {
        let manifest = try Manifest(
            json: Data(
                """
                {"targets": [
                    {"name": "EtcdStore", "type": "regular", "dependencies": []},
                    {"name": "NetworkModel", "type": "regular", "dependencies": []},
                    {"name": "Dataplane", "type": "regular", "dependencies": [{"byName": ["EtcdStore", null]}]}
                ]}
                """.utf8))
        let files = [
            SourceFile(path: "Sources/Dataplane/A.swift", text: "import EtcdStore"),
            SourceFile(path: "Sources/Dataplane/B.swift", text: "public import NetworkModel\nimport Logging"),
            SourceFile(path: "Tests/DataplaneTests/C.swift", text: "import EtcdStore"),
        ]
        #expect(
            Floors.violations(in: files, manifest: manifest) == [
                "Sources/Dataplane/A.swift imports EtcdStore: only composition chooses a store",
                "Sources/Dataplane/B.swift imports NetworkModel, which its target does not declare",
                "Tests/DataplaneTests/C.swift imports EtcdStore, which its target does not declare",
            ])
    }

    @Test func `a C module with two importers is found`() {
        let files = [
            SourceFile(path: "Sources/KernelNetwork/A.swift", text: "import CMnl"),
            SourceFile(path: "Sources/KernelNetwork/B.swift", text: "import CMnl"),
            SourceFile(path: "Sources/Dataplane/A.swift", text: "unsafe import CMnl"),
        ]
        #expect(Floors.sharedCModules(in: files, modules: ["CMnl"]) == [#"CMnl is imported by ["Dataplane", "KernelNetwork"]"#])
    }
}
