/// What a container engine calls must not be able to call it back: it holds locks meanwhile (calico's libnetwork-plugin#49, libnetwork#813).
enum EngineReach {
    /// Where everything is that answers an engine's calls, besides what serves native sandboxes too.
    static let folders = ["Driver", "Addresses", "Support"].map { "Sources/WorkerService/Engine/\($0)/" }

    /// What is an engine to call, or has one.
    private static let ways: Set<String> = [
        "EngineClient", "ContainerEngine", "DockerEngine", "EngineCompanion", "EngineConnections", "EngineNames", "EngineNetworks",
        "EngineSweep",
    ]

    static func violations(in sources: [SourceFile]) -> [String] {
        sources.filter { file in folders.contains { file.path.hasPrefix($0) } }.flatMap { file in
            Set(SwiftToken.tokens(of: file.text).map(\.text)).intersection(ways).sorted().map { "\(file.path) names \($0)" }
        }
    }
}
