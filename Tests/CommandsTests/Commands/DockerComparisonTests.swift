import Foundation
import Testing

/// What `skein` prints of networks is what the real `docker` prints of the same daemon.
@Suite(.enabled(if: SkeinCommand.dockerPath != nil)) struct DockerComparisonTests {
    @Test(arguments: [
        ["ls"], ["ls", "-q"], ["ls", "--no-trunc"], ["ls", "-q", "--no-trunc"], ["list"], ["ls", "--format", "json"],
        ["ls", "--format", "table"],
        ["ls", "--format", #"table {{.Name}}\t{{.Driver}}"#], ["ls", "--format", "{{.ID}}: {{.Name}}"], ["ls", "--format", "{{json .}}"],
        ["ls", "--format", #"table {{.ID}}\t{{upper .Name}}\t{{.CreatedAt}}\t{{.IPv4}}\t{{.IPv6}}\t{{.Internal}}\t{{.Labels}}"#],
        ["ls", "--format", #"{{.Name}} {{.Label "tier"}} {{.Labels}}"#], ["ls", "--filter", "driver=bridge"],
        ["ls", "--filter", "name=net1", "--filter", "scope=local"],
        ["ls", "--filter", "label=tier"], ["ls", "--filter", "dangling=true", "-q"], ["ls", "--filter", "name=none"],
        ["ls", "--format", "{{.Name | printf \"%-10s|\"}}"],
        ["inspect", "-f", "{{.ID}}", "multi", "net9"],
        ["inspect", "-f", "{{.Name}} {{.Id}}", "multi"],
        ["inspect", "-f", "{{range .Containers}}{{.Name}} {{.IPv4Address}} {{end}}", "multi", "net9"],
        ["inspect", "-f", "{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}}", "net10", "multi"],
        ["inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "multi"],
        ["inspect", "-f", "{{range $k, $v := .Labels}}{{$k}}={{$v}}{{println}}{{end}}", "net10"],
        ["inspect", "-f", "{{len .Containers}} {{.Internal}} {{.Options}} {{.Labels}}", "net10"],
        ["inspect", "-f", #"{{if eq .Driver "overlay"}}o{{else}}b{{end}}{{.Labels.tier}}"#, "net10", "multi"],
        ["inspect", "-f", #"{{index .Labels "tier"}}"#, "net10"],
    ])
    func `the output is docker's`(arguments: [String]) async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            let words = ["network"] + arguments
            let environment = ["SKEIN_HOST": skein.host, "DOCKER_CONFIG": "/nonexistent"]
            let ours = try await SkeinCommand.run([SkeinCommand.path ?? ""] + words, environment: environment)
            let theirs = try await SkeinCommand.run([SkeinCommand.dockerPath ?? "", "-H", skein.host] + words, environment: environment)
            #expect(theirs.status == 0, "\(theirs.errors)")
            #expect(ours == theirs)
        }
    }

    /// Docker prints an answer's fields in the order in which the daemon wrote them; ours have that of Docker's engine from any daemon.
    @Test(arguments: [
        ["multi"], ["multi", "net10", "net9"], ["-v", "multi"], ["1111"], ["--format", "json", "multi", "net9"],
        ["-f", "{{json .Containers}}", "multi"], ["-f", "{{json .IPAM}}", "net10"],
    ])
    func `what inspect shows is what docker shows`(arguments: [String]) async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            let words = ["network", "inspect"] + arguments
            let environment = ["SKEIN_HOST": skein.host, "DOCKER_CONFIG": "/nonexistent"]
            let ours = try await SkeinCommand.run([SkeinCommand.path ?? ""] + words, environment: environment)
            let theirs = try await SkeinCommand.run([SkeinCommand.dockerPath ?? "", "-H", skein.host] + words, environment: environment)
            #expect(ours.status == 0 && theirs.status == 0)
            #expect(try Self.sorted(ours.output) == Self.sorted(theirs.output))
            // As many lines, each as deep as some line of the other's.
            #expect(Self.indents(ours.output) == Self.indents(theirs.output))
        }
    }

    private static func sorted(_ json: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return String(decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
    }

    private static func indents(_ text: String) -> [Int] {
        text.components(separatedBy: "\n").map { line in line.prefix { $0 == " " }.count }.sorted()
    }

    @Test func `changes are told as docker tells them`() async throws {
        for command in [
            ["rm", "net9", "net10"], ["prune", "-f"], ["disconnect", "-f", "multi", "demo1"], ["connect", "--alias", "a", "multi", "x"],
        ] {
            let outcomes = try await withEach { host, path in
                try await SkeinCommand.run(
                    [path] + (path == SkeinCommand.dockerPath ? ["-H", host] : []) + ["network"] + command,
                    environment: ["SKEIN_HOST": host, "DOCKER_CONFIG": "/nonexistent"])
            }
            #expect(outcomes.0 == outcomes.1)
        }
    }

    /// Each on a daemon of its own.
    private func withEach(
        _ run: @escaping @Sendable (_ host: String, _ path: String) async throws -> SkeinCommand.Outcome
    ) async throws -> (SkeinCommand.Outcome, SkeinCommand.Outcome) {
        let ours = try await withDaemon(CannedDaemon(try Canned.garden())) { try await run($0.host, SkeinCommand.path ?? "") }
        let theirs = try await withDaemon(CannedDaemon(try Canned.garden())) { try await run($0.host, SkeinCommand.dockerPath ?? "") }
        return (ours, theirs)
    }
}
