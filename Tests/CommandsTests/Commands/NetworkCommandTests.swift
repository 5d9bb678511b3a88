import EngineAPI
import NetworkModel
import Testing

@testable import Commands

@Suite struct NetworkCommandTests {
    private static let newID = String(repeating: "9", count: 64) + "\n"

    @Test func `a network is created with what the flags say`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            let outcome = try await skein(
                "network", "create", "--subnet", "10.1.0.0/16", "--ip-range=10.1.8.0/24", "--gateway", "10.1.8.1", "--aux-address",
                "router=10.1.0.9", "--label",
                "tier=back", "--label", "bare", "-o", "com.docker.network.driver.mtu=1400", "--internal=true", "--ipv6", "--ipam-opt",
                "a=b", "--scope", "global", "wide"
            )
            #expect(outcome == .success(Self.newID))
        }
        let creation = try #require(daemon.created.first)
        #expect(creation.name == "wide" && creation.driver == "" && creation.scope == .global)
        #expect(creation.isInternal && creation.isIPv6Enabled && !creation.isAttachable)
        #expect(creation.labels == ["tier": "back", "bare": ""])
        #expect(creation.options == ["com.docker.network.driver.mtu": "1400"] && creation.ipamOptions == ["a": "b"])
        #expect(
            creation.subnets == [
                SubnetRecord(
                    pool: try Subnet("10.1.0.0/16"), subPool: try Subnet("10.1.8.0/24"), gateway: try IPAddress("10.1.8.1"),
                    auxiliary: ["router": try IPAddress("10.1.0.9")], isUserDefined: true, isGatewayUserDefined: true)
            ])
    }

    @Test func `a bridge is asked for as a local network, so that no daemon takes it for its default`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            #expect(try await skein("network", "create", "-d", "bridge", "frontend") == .success(Self.newID))
            let contradiction = try await skein("network", "create", "-d", "bridge", "--scope", "global", "frontend")
            #expect(contradiction.status == 1 && contradiction.errors.contains("--scope global"))
        }
        #expect(daemon.created.map(\.driver) == ["bridge"] && daemon.created.map(\.scope) == [.local])
    }

    @Test func `a warning of the daemon goes beside the id`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            let outcome = try await skein("network", "create", "--attachable", "a")
            #expect(outcome == .init(status: 0, output: Self.newID, errors: "WARNING: attachable has no effect\n"))
        }
    }

    @Test(arguments: [
        (["--config-only"], "config-only networks are not supported"), (["--config-from", "x"], "config-from \"x\" is not supported"),
        (["--ingress"], "ingress networks are not supported"), (["--ipv4=false"], "IPv4 cannot be disabled"),
        (["--scope", "swarm"], "swarm"),
        (["--subnet", "10.1.2.3/24"], "it should be 10.1.2.0/24"),
        (["--subnet", "10.1.2.0/24", "--gateway", "10.9.9.9"], "no matching subnet for gateway 10.9.9.9"),
    ])
    func `an option that is not honoured is refused in one sentence`(flags: [String], sentence: String) async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            let outcome = try await SkeinCommand.run(
                [SkeinCommand.path ?? "", "network", "create"] + flags + ["a"], environment: ["SKEIN_HOST": skein.host])
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("skein: ") && outcome.errors.contains(sentence), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
        #expect(daemon.created.isEmpty)
    }

    @Test func `several networks are removed, and each that is not is told`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            let outcome = try await skein("network", "rm", "net9", "multi", "absent", "net10")
            #expect(
                outcome
                    == .failure(
                        "skein: error while removing network: network multi has active endpoints\nskein: network absent not found\n",
                        output: "net9\nnet10\n"))
            #expect(try await skein("network", "rm", "-f", "absent") == .success(""))
        }
        #expect(daemon.log == ["removed net9", "removed net10"])
    }

    @Test func `sandboxes are connected and disconnected`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            #expect(
                try await skein("network", "connect", "--ip", "10.0.0.9", "--ip6=fd00::9", "--alias", "a,b", "multi", "demo2")
                    == .success(""))
            #expect(try await skein("network", "disconnect", "-f", "multi", "demo2") == .success(""))
            for flag in [["--link", "x:y"], ["--link-local-ip", "169.254.1.1"], ["--driver-opt", "k=v"], ["--gw-priority", "-1"]] {
                let refused = try await SkeinCommand.run(
                    [SkeinCommand.path ?? "", "network", "connect"] + flag + ["multi", "demo2"], environment: ["SKEIN_HOST": skein.host])
                #expect(refused.status == 1 && refused.errors.contains("not supported"), "\(flag): \(refused.errors)")
            }
            #expect(try await skein("network", "connect", "absent", "demo2") == .failure("skein: network absent not found\n"))
        }
        #expect(daemon.log == ["connect demo2 multi 10.0.0.9 fd00::9 a b", "disconnect demo2 multi by force"])
    }

    @Test func `unused networks are pruned once that is confirmed`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            let refused = try await skein("network", "prune", input: "n\n")
            #expect(refused.status == 1 && refused.errors == "skein: network prune has been cancelled\n")
            #expect(daemon.log.isEmpty)
            #expect(
                try await skein("network", "prune", "--filter", "label=tier=back", input: "y\n").output.hasSuffix(
                    "Deleted Networks:\nnet10\n\n"))
            #expect(try await skein("network", "prune", "-f") == .success("Deleted Networks:\nnet9\n\n"))
            #expect(try await skein("network", "prune", "--force") == .success(""))
        }
    }

    @Test func `a network is shown by a template`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            let names = "{{range .Containers}}{{.Name}} {{.IPv4Address}} {{end}}"
            #expect(try await skein("network", "inspect", "--format", names, "multi") == .success("demo1 10.0.0.2/24 \n"))
            #expect(try await skein("network", "inspect", "-f", "{{.Id}}", "multi", "net9").output.split(separator: "\n").count == 2)
            let wrong = try await skein("network", "inspect", "-f", "{{.Foo}}", "multi")
            #expect(wrong.status == 1 && wrong.output.isEmpty)
            #expect(wrong.errors.hasPrefix("skein: invalid template \"{{.Foo}}\": there is no field \"Foo\""))
            let absent = try await skein("network", "inspect", "absent", "multi")
            #expect(absent.status == 1 && absent.errors == "skein: network absent not found\n")
            #expect(absent.output.hasPrefix("[\n    {\n        \"Name\": \"multi\",\n"))
        }
    }
}
