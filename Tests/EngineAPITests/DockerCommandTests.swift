import EngineAPI
import Glibc
import Hummingbird
import NetworkModel
import TestSupport
import Testing

private let ones = String(repeating: "1", count: 64)
private let twos = String(repeating: "2", count: 64)
private let threes = String(repeating: "3", count: 64)

/// What users see: whole outputs of the real command.
@Suite(.enabled(if: Docker.isInstalled)) struct `The real docker command line` {
    /// Runs commands in turn against one server and returns what each wrote, with its status where that is not 0.
    private func outputs(of commands: [[String]], on backend: CannedBackend) async throws -> [String] {
        try await withEngine(backend) { server in
            var outputs: [String] = []
            for command in commands {
                let outcome = try await Docker.run(server.host, command)
                outputs.append(outcome.output + (outcome.status == 0 ? "" : "status \(outcome.status)\n"))
            }
            return outputs
        }
    }

    @Test func `lists networks`() async throws {
        let outputs = try await outputs(
            of: [["network", "ls"], ["network", "ls", "-q", "--no-trunc", "--filter", "dangling=true"]], on: try Canned.backend())
        #expect(
            outputs[0] == """
                NETWORK ID     NAME      DRIVER    SCOPE
                111111111111   multi     overlay   global
                222222222222   spare     bridge    local

                """)
        #expect(outputs[1] == "\(twos)\n")
    }

    @Test func `creates networks with every flag that is honoured`() async throws {
        let backend = try Canned.backend()
        let outputs = try await outputs(
            of: [
                ["network", "create", "plain"],
                [
                    "network", "create", "-d", "overlay", "--subnet", "10.3.0.0/16", "--gateway", "10.3.0.254", "--ip-range", "10.3.4.0/24",
                    "--aux-address", "a=10.3.0.3", "--opt", "com.docker.network.driver.mtu=1400", "--label", "l=m", "--internal",
                    "--ipam-driver", "default", "--ipv6", "full",
                ],
            ], on: backend)
        #expect(outputs == ["\(threes)\n", "\(String(repeating: "4", count: 64))\n"])
        #expect(
            backend.created == [
                NetworkCreation(name: "plain", driver: "bridge"),
                NetworkCreation(
                    name: "full", driver: "overlay",
                    subnets: [
                        SubnetRecord(
                            pool: try Subnet("10.3.0.0/16"), subPool: try Subnet("10.3.4.0/24"), gateway: try IPAddress("10.3.0.254"),
                            auxiliary: ["a": try IPAddress("10.3.0.3")], isUserDefined: true, isGatewayUserDefined: true)
                    ], isIPv6Enabled: true, options: ["com.docker.network.driver.mtu": "1400"], labels: ["l": "m"], isInternal: true),
            ])
    }

    @Test func `is refused in words`() async throws {
        let commands = [
            ["network", "create", "--subnet", "10.1.0.1/16", "n"], ["network", "create", "--config-only", "n"],
            ["network", "create", "--ingress", "n"], ["network", "create", "--scope", "swarm", "n"], ["network", "rm", "nosuch"],
            ["network", "rm", "bridge"], ["network", "rm", "multi"], ["network", "connect", "--link", "a:b", "multi", "c1"],
            ["network", "connect", "nosuch", "c1"], ["ps"],
        ]
        let outputs = try await outputs(of: commands, on: try Canned.backend { $0.busy = [$0.networks[1].id] })
        let messages = [
            "invalid subnet 10.1.0.1/16: it should be 10.1.0.0/16", "config-only networks are not supported",
            "ingress networks are not supported: there is no routing mesh",
            "cannot create a swarm scoped network when swarm is not active", "network nosuch not found",
            "bridge is a pre-defined network and cannot be removed",
            "error while removing network: network multi has active endpoints", #"link "a:b" is not supported: use an alias"#,
            "network nosuch not found",
            "/containers is not supported: this daemon answers for networks only, ask the host's own engine",
        ]
        for (index, message) in messages.enumerated() {
            // Some commands add a line of their own.
            #expect(outputs[index].hasPrefix("Error response from daemon: \(message)\n"))
            #expect(outputs[index].hasSuffix("status 1\n"))
        }
    }

    private static let inspected = """
        [
            {
                "Name": "multi",
                "Id": "\(ones)",
                "Created": "2026-01-01T00:00:00.000000000Z",
                "Scope": "global",
                "Driver": "overlay",
                "EnableIPv4": true,
                "EnableIPv6": false,
                "IPAM": {
                    "Driver": "default",
                    "Options": {},
                    "Config": [
                        {
                            "Subnet": "10.0.0.0/24",
                            "Gateway": "10.0.0.1"
                        }
                    ]
                },
                "Internal": false,
                "Attachable": false,
                "Ingress": false,
                "ConfigFrom": {
                    "Network": ""
                },
                "ConfigOnly": false,
                "Containers": {
                    "\(String(repeating: "5", count: 64))": {
                        "Name": "demo1",
                        "EndpointID": "\(String(repeating: "e", count: 64))",
                        "MacAddress": "02:42:0a:00:00:02",
                        "IPv4Address": "10.0.0.2/24",
                        "IPv6Address": ""
                    }
                },
                "Options": {},
                "Labels": {}
            }
        ]

        """

    @Test func `inspects networks, also where it must find out that they are networks`() async throws {
        let commands = [
            ["network", "inspect", "multi"], ["inspect", "multi"], ["network", "inspect", "-v", "-f", "{{json .Peers}}", "1111"],
            ["network", "inspect", "nosuch"], ["inspect", "nosuch"],
        ]
        let outputs = try await outputs(of: commands, on: try Canned.backend())
        #expect(outputs[0] == Self.inspected)
        #expect(outputs[1] == Self.inspected)
        #expect(outputs[2] == #"[{"Name":"node-1","IP":"192.168.0.11"}]"# + "\n")
        #expect(outputs[3] == "[]\nError response from daemon: network nosuch not found\nstatus 1\n")
        #expect(outputs[4] == "[]\nError: No such object: nosuch\nstatus 1\n")
    }

    @Test func `connects, disconnects, removes and prunes`() async throws {
        let backend = try Canned.backend()
        let commands = [
            ["network", "connect", "--ip", "10.0.0.9", "--alias", "db", "multi", "c1"], ["network", "disconnect", "multi", "c1"],
            ["network", "disconnect", "-f", "multi", "c1"], ["network", "rm", "spare"], ["network", "create", "again"],
            ["network", "prune", "-f"],
        ]
        let outputs = try await outputs(of: commands, on: backend)
        #expect(outputs == ["", "", "", "spare\n", "\(twos)\n", "Deleted Networks:\nagain\n\n"])
        #expect(
            backend.log == [
                "connect c1 multi 10.0.0.9 db", "disconnect c1 multi", "disconnect c1 multi by force", "removed spare", "removed again",
            ])
    }

    /// What follows the client's own part.
    private static func server(_ output: String) -> Substring {
        output.firstRange(of: "Server:").map { output[$0.lowerBound...] } ?? ""
    }

    @Test func `shows the cluster in its info`() async throws {
        let backend = try Canned.backend { $0.info.warnings = ["the cluster store does not answer: refused"] }
        let outputs = try await outputs(of: [["info"]], on: backend)
        #expect(
            Self.server(outputs[0]) == """
                Server:
                 Containers: 2
                  Running: 2
                  Paused: 0
                  Stopped: 0
                 Images: 0
                 Server Version: skein/\(SkeinVersion.current)
                 Storage Driver: skein
                 Role: controller
                 Cluster Store: etcd://10.0.0.1:2379
                 Nodes: 2
                  bbbbbbbbbbbb: (no address)
                   └ ID: \(String(repeating: "b", count: 64))
                   └ Status: Disconnected
                   └ Containers: 0
                   └ Endpoints: 0
                  node-1: 192.168.0.11:2376
                   └ ID: \(String(repeating: "a", count: 64))
                   └ Status: Healthy
                   └ Containers: 2
                   └ Endpoints: 1
                   └ VTEP: 192.168.0.11
                   └ Labels: kernelversion=6.1.0-18-amd64, operatingsystem=Debian GNU/Linux 12 (bookworm)
                   └ ServerVersion: 0.1.0
                 Plugins:
                  Volume: \("")
                  Network: bridge overlay
                  Log: \("")
                 Swarm: inactive
                 Init Binary: \("")
                 containerd version: \("")
                 runc version: \("")
                 init version: \("")
                 Kernel Version: 6.1.0-18-amd64
                 Operating System: Debian GNU/Linux 12 (bookworm)
                 OSType: linux
                 Architecture: x86_64
                 CPUs: 4
                 Total Memory: 8GiB
                 Name: alpha
                 ID: c0ffee
                 Docker Root Dir: \("")
                 Debug Mode: false
                 Experimental: false
                 Live Restore Enabled: false

                WARNING: the cluster store does not answer: refused

                """)
    }

    @Test func `shows the versions`() async throws {
        let outputs = try await outputs(of: [["version"]], on: CannedBackend(role: .worker))
        #expect(
            Self.server(outputs[0]) == """
                Server: Skein worker
                 Engine:
                  Version:          skein/\(SkeinVersion.current)
                  API version:      1.50 (minimum version 1.24)
                  Go version:       \("")
                  Git commit:       \("")
                  Built:            \("")
                  OS/Arch:          linux/amd64
                  Experimental:     false

                """)
    }

    @Test func `reads events as they come`() async throws {
        let backend = CannedBackend()
        let outcome = try await withEngine(backend) { server in
            async let outcome = Docker.run(
                server.host, ["events", "--format", "{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Scope}}"])
            try await eventually("docker reads events") { backend.readers == 1 }
            backend.tell(NetworkEvent(.create, network: try Canned.id("1"), name: "multi", driver: .overlay, time: Canned.time))
            backend.tell(
                NetworkEvent(
                    .connect, network: try Canned.id("1"), name: "multi", driver: .overlay, sandbox: try Canned.id("5"), time: Canned.time))
            backend.endEvents()
            return try await outcome
        }
        #expect(outcome == Docker.Outcome(status: 0, output: "network create multi global\nnetwork connect multi global\n"))
    }

    @Test func `reaches a unix socket`() async throws {
        let path = "/tmp/skein-engine-\(SystemRandomness().next()).sock"
        defer { unlink(path) }
        let outcome = try await withEngine(try Canned.backend(), at: .unixDomainSocket(path: path)) { server in
            try await Docker.run(server.host, ["network", "ls", "-q"])
        }
        #expect(outcome == Docker.Outcome(status: 0, output: "111111111111\n222222222222\n"))
    }
}
