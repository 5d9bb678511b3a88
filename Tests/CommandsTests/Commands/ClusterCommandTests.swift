import NetworkModel
import Testing
import WorkerAPI

@testable import Commands

/// Nodes, sandboxes, the daemon itself.
@Suite struct ClusterCommandTests {
    @Test func `nodes are listed, and those that are gone say so`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            #expect(
                try await skein("node", "ls")
                    == .success(
                        """
                        NODE ID        HOSTNAME   STATUS    VTEP           SANDBOXES   ENDPOINTS   VERSION
                        aaaaaaaaaaaa   node-1     Ready     192.168.0.11   1           1           0.1.0
                        bbbbbbbbbbbb              Down                     0           2           

                        """))
            #expect(try await skein("node", "ls", "-q") == .success("aaaaaaaaaaaa\nbbbbbbbbbbbb\n"))
            #expect(
                try await skein("node", "inspect", "-f", "{{.Hostname}} {{.Status}} {{.UnderlayMTU}}", "node-1", "bbb").output
                    == "node-1 Ready 1500\n Down 0\n")
        }
    }

    @Test func `only a node that is gone is removed`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            #expect(
                try await skein("node", "rm", "node-1", "bbbb")
                    == .failure("skein: node node-1 is alive: stop its worker first\n", output: "bbbb\n"))
        }
        #expect(daemon.log == ["removed node bbbb"])
    }

    @Test func `a sandbox is created on its networks`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            let outcome = try await skein(
                "sandbox", "create", "--net", "multi", "--network", "name=net9,ip=10.9.0.9", "--ip", "10.0.0.7", "--alias", "a", "--label",
                "k=v", "demo2")
            #expect(outcome == .success(String(repeating: "7", count: 64) + "\n"))
            #expect(try await skein("sandbox", "create", "--net", "multi").status == 0)
            let bad = try await skein("sandbox", "create", "--net", "multi", "--", "-bad")
            #expect(bad.status == 1 && bad.errors.contains("invalid name \"-bad\""))
            let homeless = try await skein("sandbox", "create", "--ip", "10.0.0.7", "demo3")
            #expect(homeless.status == 1 && homeless.errors.contains("give --net"))
        }
        #expect(daemon.log.first == "created demo2 on multi 10.0.0.7 a, net9 10.9.0.9")
        #expect(daemon.log.count == 2)
    }

    @Test func `sandboxes are listed, shown and removed`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        try await withDaemon(daemon) { skein async throws in
            #expect(
                try await skein("sandbox", "ls")
                    == .success(
                        """
                        SANDBOX ID     NAME      NODE      NETWORKS   ADDRESSES
                        555555555555   demo1     node-1    multi      10.0.0.2/24

                        """))
            let format =
                "{{.Name}} {{.NamespacePath}} {{range .Networks}}{{.Name}}:{{.Interface}}:{{join .Addresses \",\"}}:{{index .Gateways 0}}{{end}}"
            #expect(
                try await skein("sandbox", "inspect", "-f", format, "demo1").output
                    == "demo1 /run/netns/sk-demo1 multi:eth0:10.0.0.2/24:10.0.0.1\n")
            #expect(try await skein("sandbox", "rm", "-f", "demo1", "absent") == .success("demo1\nabsent\n"))
            #expect(try await skein("sandbox", "rm", "absent") == .failure("skein: No such container: absent\n"))
        }
        #expect(daemon.log == ["removed sandbox demo1 by force"])
    }

    @Test func `a controller is no worker, and the command says so`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden()), isWorker: false) { skein async throws in
            let commands = [["sandbox", "create", "x"], ["sandbox", "rm", "-f", "demo1"], ["run", "true"]]
            for (command, status) in zip(commands, [1, 1, 125] as [Int32]) {
                let outcome = try await SkeinCommand.run([SkeinCommand.path ?? ""] + command, environment: ["SKEIN_HOST": skein.host])
                #expect(outcome.status == status && outcome.errors.contains("it is not a worker"), "\(outcome)")
            }
        }
    }

    @Test func `the daemon and what is wrong with it are shown`() async throws {
        var state = try Canned.garden()
        state.status.storeFault = "etcd://10.0.0.1:2379 does not answer"
        try await withDaemon(CannedDaemon(state)) { skein async throws in
            let info = try await skein("info")
            for line in [
                "Daemon: worker at unix:///", "Status: etcd://10.0.0.1:2379 does not answer", "Nodes: 2",
                " node-1: Ready, VTEP 192.168.0.11",
            ] {
                #expect(info.output.contains(line), "\(info.output)")
            }
            #expect(try await skein("info", "--format", "{{.Healthy}} {{.Role}} {{len .Nodes}}") == .success("false worker 2\n"))
            #expect(
                try await skein("version", "-f", "{{.Client.Version}} {{.Server.Version}}").output
                    == "\(SkeinVersion.current) skein/\(SkeinVersion.current)\n")
            #expect(try await skein("version").output.contains("Server: Skein worker\n"))
        }
    }

    @Test func `a daemon that is not there is named, and what to do`() async throws {
        let skein = SkeinCommand(host: "unix:///nonexistent/worker.sock")
        let outcome = try await skein("network", "ls")
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("skein: cannot connect to unix:///nonexistent/worker.sock: "))
        #expect(outcome.errors.contains("is skein-worker running?"))
        let version = try await skein("version")
        #expect(version.status == 1 && version.output.contains(SkeinVersion.current))
        let remote = try await skein("-H", "tcp://127.0.0.1:1", "network", "ls")
        #expect(remote.status == 1 && remote.errors.contains("tcp://127.0.0.1:1") && remote.errors.contains("skein-controller"))
        let wrong = try await skein("-H", "http://127.0.0.1:1", "network", "ls")
        #expect(wrong.status == 1 && wrong.errors.contains("invalid host \"http://127.0.0.1:1\""))
    }

    @Test(arguments: [
        ["--no-such-flag"], ["network", "frobnicate"], ["network", "create"], ["network", "ls", "--no-such-flag"], ["run"],
        ["completion", "tcsh"],
    ])
    func `a usage error has its own exit status and a hint`(arguments: [String]) async throws {
        let outcome = try await SkeinCommand.run([SkeinCommand.path ?? ""] + arguments)
        #expect(outcome.status == 64 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("skein: ") && outcome.errors.contains("Usage: skein"), "\(outcome.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell's completion asks the daemon for names`(shell: String) async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            let script = try await skein("completion", shell)
            #expect(script.status == 0 && script.output.contains("---completion"))
            let names = try await skein("---completion", "network", "rm", "--", "positional@0", "2", "0", "skein", "network", "rm", "")
            #expect(names.output.contains("multi") && names.output.contains("net9"), "\(names)")
        }
    }
}
