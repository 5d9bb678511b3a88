import EngineClient
import Glibc
import NetworkModel
import Testing
import WorkerAPI

@testable import WorkerService

/// What the doctor says of the engine beside a worker, a fact at a time.
@Suite struct EngineChecksTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let subject: String
        let verdict: DoctorCheck.Verdict
        let words: [String]
        let change: @Sendable (inout EngineFacts) throws -> Void

        var testDescription: String { name }
    }

    @Test func `a sound engine is sound in every respect`() throws {
        let checks = EngineChecks(facts: try Self.sound()).all
        #expect(checks.filter { $0.verdict != .ok } == [])
        #expect(checks.map(\.subject) == ["engine", "engine plugin", "engine dns", "engine networks"])
    }

    @Test func `of an engine that does not answer only that is said, and how the plugin does`() throws {
        var facts = try Self.sound()
        facts.fault = "connection refused"
        let checks = EngineChecks(facts: facts).all
        #expect(checks.map(\.subject) == ["engine", "engine plugin"])
        #expect(checks.map(\.verdict) == [.failed, .ok])
        #expect(checks[0].advice?.contains("--engine none") == true)
    }

    @Test(arguments: [
        Case(
            name: "a plugin socket that does not answer is a failure", subject: "engine plugin", verdict: .failed,
            words: ["--plugin-socket /run/docker/plugins/skein.sock", "no such file"]
        ) { $0.pluginFault = "no such file" },
        Case(
            name: "a plugin socket that the engine does not see is a failure", subject: "engine plugin", verdict: .failed,
            words: ["the engine does not see"]
        ) { $0.seesPluginSocket = false },
        Case(name: "a rootless engine is a failure", subject: "engine network", verdict: .failed, words: ["rootless"]) {
            $0.sharesNetwork = false
        },
        Case(
            name: "an engine without the dns option is a failure, and the file is named", subject: "engine dns", verdict: .failed,
            words: ["is not set", "\"dns\": [\"169.254.53.53\"] into /etc/docker/daemon.json"]
        ) { $0.configuration = EngineConfiguration(arguments: [], file: nil) },
        Case(name: "an engine that asks others alone is a failure", subject: "engine dns", verdict: .failed, words: ["is 9.9.9.9"]) {
            $0.configuration = EngineConfiguration(arguments: ["--dns", "9.9.9.9"], file: nil)
        },
        Case(name: "an engine that asks others first is a warning", subject: "engine dns", verdict: .warning, words: ["9.9.9.9 before"]) {
            $0.configuration = EngineConfiguration(arguments: [], file: #"{"dns": ["9.9.9.9", "169.254.53.53"]}"#)
        },
        Case(
            name: "a file that the engine has not read yet is a warning", subject: "engine dns", verdict: .warning,
            words: ["restart the engine"]
        ) { $0.configuration?.isFileNewer = true },
        Case(name: "a file that is no JSON is a failure", subject: "engine dns", verdict: .failed, words: ["cannot be read"]) {
            $0.configuration = EngineConfiguration(arguments: [], file: "{")
        },
        Case(
            name: "an engine whose process is not seen is a warning", subject: "engine dns", verdict: .warning,
            words: ["cannot be looked at", "169.254.53.53"]
        ) { $0.configuration = nil },
        Case(
            name: "an engine with a cluster store of its own is a warning", subject: "engine flags", verdict: .warning,
            words: ["etcd://10.0.0.5:2379", "--vxlan-port"]
        ) { $0.configuration?.clusterStore = "etcd://10.0.0.5:2379" },
        Case(name: "a network without its twin is a warning", subject: "engine networks", verdict: .warning, words: ["lacks back"]) {
            $0.networks?.removeLast()
        },
        Case(
            name: "a twin without its network is a warning", subject: "engine networks", verdict: .warning,
            words: ["does not have the engine's back"]
        ) { $0.clusterNetworks?.removeLast() },
        Case(
            name: "a network of the engine's that nobody knows is a warning", subject: "engine networks", verdict: .warning,
            words: ["does not have the engine's stray"]
        ) { $0.networks?.append(HostedNetwork(id: try Facts.id("9"), spec: HostedNetworkSpec(name: "stray", driver: "skein"))) },
        Case(name: "what the worker met is told", subject: "engine troubles", verdict: .warning, words: ["network multi: overlaps"]) {
            $0.troubles = ["network multi: overlaps"]
        },
    ])
    func `one thing that is wrong is told as such, and nothing else`(_ sample: Case) throws {
        var facts = try Self.sound()
        try sample.change(&facts)
        let wrong = EngineChecks(facts: facts).all.filter { $0.verdict != .ok }
        try #require(wrong.map(\.subject) == [sample.subject])
        #expect(wrong[0].verdict == sample.verdict)
        let text = "\(wrong[0].finding): \(wrong[0].advice ?? "")"
        for word in sample.words { #expect(text.contains(word)) }
    }

    /// Two networks: one that was made at this engine, and one whose twin the worker made.
    private static func sound() throws -> EngineFacts {
        let records = try [("front", Character("1")), ("back", "2")].map { name, digit in
            NetworkRecord(id: try Facts.id(digit), name: name, driver: .overlay, created: Timestamp(nanoseconds: 0))
        }
        let twin = HostedNetworkSpec(name: "back", driver: "skein", options: [EngineOption.network: records[1].id.rawValue])
        return EngineFacts(
            location: "unix:///var/run/docker.sock", version: "version 20.10.24 (API 1.41)",
            pluginSocket: "/run/docker/plugins/skein.sock", seesPluginSocket: true,
            configuration: EngineConfiguration(arguments: ["--dns=169.254.53.53"], file: nil), sharesNetwork: true,
            clusterNetworks: records,
            networks: [
                HostedNetwork(id: try Facts.id("1"), spec: HostedNetworkSpec(name: "front", driver: "skein")),
                HostedNetwork(id: try Facts.id("8"), spec: twin),
            ], journal: [try Facts.id("1"): records[0].id])
    }
}

/// What an engine was started with.
@Suite struct EngineConfigurationTests {
    @Test func `the file is where the flag says, or where Docker has it`() {
        #expect(EngineConfiguration(arguments: ["-H", "fd://"], file: nil).file == "/etc/docker/daemon.json")
        #expect(EngineConfiguration(arguments: ["--config-file", "/a.json"], file: nil).file == "/a.json")
        #expect(EngineConfiguration(arguments: ["--config-file=/b.json"], file: nil).file == "/b.json")
    }

    @Test func `servers are read from flags in both forms, and from the file`() {
        #expect(EngineConfiguration(arguments: ["--dns", "1.1.1.1", "--dns=2.2.2.2"], file: "").dns == ["1.1.1.1", "2.2.2.2"])
        let file = EngineConfiguration(arguments: ["--debug"], file: #"{"dns": ["1.1.1.1"], "live-restore": true}"#)
        #expect(file.dns == ["1.1.1.1"])
        #expect(file.fileFault == nil)
        #expect(EngineConfiguration(arguments: ["--dns"], file: nil).dns == [])
    }

    @Test func `an option of a similar name is another`() {
        #expect(EngineConfiguration(arguments: ["--dns-search", "a", "--dns-opt=b"], file: #"{"dns-search": ["c"]}"#).dns == [])
    }
}

/// What the host tells of processes and sockets.
@Suite struct HostProcessTests {
    @Test func `the program that holds a UDP port is named`() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        #expect(PortHolder.program(ofUDPPort: port)?.hasSuffix("(pid \(getpid()))") == true)
    }

    @Test func `a port is found among the kernel's sockets by its own number`() {
        let lines = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
               1: 00000000:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0
               2: 0100007F:0035 00000000:12B5 07 00000000:00000000 00:00000000 00000000     0        0 815 2 0000000000000000 0
            """
        #expect(PortHolder.sockets(of: 4789, in: lines) == ["socket:[4711]"])
        #expect(PortHolder.sockets(of: 53, in: lines) == ["socket:[815]"])
    }

    @Test func `the process that listens at a socket is told`() throws {
        let path = "/tmp/skein-peer-\(getpid()).sock"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(listener)
            unlink(path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        #expect(UnixPeer.process(at: path) == nil)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(listen(listener, 1) == 0)
        #expect(UnixPeer.process(at: path) == getpid())
    }

    @Test func `the time at which a process was started is read behind its name`() {
        let status = "7 (a ) b) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 98"
        #expect(ProcFiles.start(in: status, boot: "cpu 1 2\nbtime 1700000000\n", ticksPerSecond: 100) == 1_700_000_123)
        #expect(ProcFiles.start(of: getpid()) != nil)
    }
}
