import Testing

@Suite struct EngineReachTests {
    @Test func `nothing that a container engine calls can call it back`() throws {
        let sources = try SourceTree.package.swiftFiles()
        for folder in EngineReach.folders { #expect(sources.contains { $0.path.hasPrefix(folder) }, "\(folder) is empty") }
        #expect(EngineReach.violations(in: sources) == [])
    }

    @Test func `a driver with an engine is found`() {
        let text = "import EngineClient\n// any ContainerEngine\nstruct A { let engine: any ContainerEngine }"
        #expect(
            EngineReach.violations(in: [SourceFile(path: "Sources/WorkerService/Engine/Driver/A.swift", text: text)]) == [
                "Sources/WorkerService/Engine/Driver/A.swift names ContainerEngine",
                "Sources/WorkerService/Engine/Driver/A.swift names EngineClient",
            ])
        #expect(EngineReach.violations(in: [SourceFile(path: "Sources/WorkerService/Composition/A.swift", text: text)]) == [])
    }
}
