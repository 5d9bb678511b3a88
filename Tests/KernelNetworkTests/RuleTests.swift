import Glibc
import KernelNetwork
import NetworkModel
import Testing

@Suite(Lab.condition) struct RuleTests {
    private let lab: Lab
    private let place: KernelNamespace
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
        place = try lab.namespace()
    }

    private static let sets = [
        PacketRules(), PacketRules(masqueradeOut: ["uplink0"]),
        PacketRules(acceptForwarding: ["sk*"], isolate: ["sk*"], masqueradeFrom: ["sk*"]),
        PacketRules(
            masqueradeOut: ["a", "b0"], acceptForwarding: ["c*", "d"], isolate: ["e", "f", "g*"], masqueradeFrom: ["h", "i*"]),
        published,
        PacketRules(translations: [PortArrival(.udp, IPAddress(10, 0, 0, 1), port: 53): PortDestination(IPAddress(10, 1, 0, 1), port: 5)]),
        PacketRules(translateInto: ["sk*", "j"]),
    ]

    /// A host with published ports: any address of each family, one address of each, all protocols.
    private static let published = PacketRules(
        acceptForwarding: ["sk*"], isolate: ["sk*"], masqueradeFrom: ["sk*"],
        translations: [
            PortArrival(.tcp, IPAddress(0, 0, 0, 0), port: 8080): PortDestination(IPAddress(169, 254, 128, 1), port: 8080),
            PortArrival(.udp, IPAddress(0, 0, 0, 0), port: 8080): PortDestination(IPAddress(169, 254, 128, 3), port: 65535),
            PortArrival(.sctp, IPAddress(0, 0, 0, 0), port: 1): PortDestination(IPAddress(169, 254, 128, 3), port: 1),
            PortArrival(.tcp, IPAddress(127, 0, 0, 1), port: 8080): PortDestination(IPAddress(169, 254, 128, 5), port: 80),
            PortArrival(.tcp, IPAddress(family: .v6, bits: 0), port: 8080): PortDestination(
                IPAddress(family: .v6, bits: 0xfd << 120 | 1), port: 80),
            PortArrival(.udp, IPAddress(family: .v6, bits: 1), port: 53): PortDestination(
                IPAddress(family: .v6, bits: 0xffff_0a00_0001), port: 53),
        ], translateInto: ["sk*"])

    private func nft(_ command: String) throws -> String {
        let answer = try shell("ip netns exec \(place.name) nft '\(command)'")
        #expect(answer.status == 0, "\(answer.output)")
        return answer.output
    }

    @Test(arguments: sets)
    func `rules are read back as they were set, and removed`(rules: PacketRules) throws {
        #expect(try kernel.rules(in: place) == nil)
        for _ in 0..<2 {
            try kernel.setRules(rules, in: place)
            #expect(try kernel.rules(in: place) == rules)
        }
        for _ in 0..<2 {
            try kernel.setRules(nil, in: place)
            #expect(try kernel.rules(in: place) == nil)
        }
        #expect(try nft("list ruleset") == "")
    }

    @Test(arguments: [
        "flush ruleset", "flush table inet skein", "delete table inet skein", "flush chain inet skein forward",
        "add rule inet skein forward accept", "insert rule inet skein forward drop", "add chain inet skein more",
        "add rule inet skein forward iifname \"sk*\" drop comment \"isolate sk*\"",
        "chain inet skein forward { policy drop; }", "add set inet skein s { type ipv4_addr; }",
    ])
    func `rules that were tampered with are not what was set, and are repaired (lesson 24)`(deed: String) throws {
        let rules = PacketRules(acceptForwarding: ["sk*"], isolate: ["sk*"], masqueradeFrom: ["sk*"])
        try kernel.setRules(rules, in: place)
        _ = try nft(deed)
        #expect(try kernel.rules(in: place) != rules)
        try kernel.setRules(rules, in: place)
        #expect(try kernel.rules(in: place) == rules)
    }

    @Test(arguments: [
        "flush map inet skein ip-any-port", "flush map inet skein ip-one-address",
        "delete element inet skein ip-any-address { tcp . 8080 }",
        "add element inet skein ip-any-port { tcp . 81 : 82 }", "add element inet skein ip6-any-address { tcp . 81 : fd00::9 }",
        "delete element inet skein ip-any-port { tcp . 8080 }; add element inet skein ip-any-port { tcp . 8080 : 9 }",
        "delete element inet skein ip-any-address { sctp . 1 }; add element inet skein ip-any-address { icmp . 1 : 10.0.0.1 }",
        "flush chain inet skein output", "flush chain inet skein arrival", "flush chain inet skein prerouting",
        "insert rule inet skein prerouting return", "insert rule inet skein forward accept comment \"isolate sk*\"",
        "add map inet skein ip6-one-more { type inet_service : inet_service; }",
    ])
    func `translations that were tampered with are not what was set, and are repaired (lesson 24)`(deed: String) throws {
        try kernel.setRules(Self.published, in: place)
        _ = try nft(deed)
        #expect(try kernel.rules(in: place) != Self.published)
        try kernel.setRules(Self.published, in: place)
        #expect(try kernel.rules(in: place) == Self.published)
    }

    @Test func `two thousand translations are set and read whole`() throws {
        var rules = Self.published
        for number in 1...1000 {
            for family in IPFamily.allCases {
                rules.translations[PortArrival(.tcp, IPAddress(family: family, bits: 0), port: UInt16(20_000 + number))] =
                    PortDestination(IPAddress(family: family, bits: 0xfd << 24 | 1), port: UInt16(number))
            }
        }
        let clock = ContinuousClock()
        let set = try clock.measure { try kernel.setRules(rules, in: place) }
        var found: PacketRules?
        let read = try clock.measure { found = try kernel.rules(in: place) }
        #expect(found == rules)
        print("2,000 translations: set in \(set), read in \(read)")
    }

    /// select(2), with which libnftables waits, ends the process at such descriptors.
    @Test func `rules are set and read where the process has more than 1,024 descriptors`() throws {
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        limit.rlim_cur = min(max(limit.rlim_cur, 4096), limit.rlim_max)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        let held = (0..<1100).map { _ in dup(0) }
        defer { for descriptor in held { close(descriptor) } }
        #expect(held.contains { $0 >= 1024 })
        let rules = PacketRules(masqueradeOut: ["uplink0"])
        try kernel.setRules(rules, in: place)
        #expect(try kernel.rules(in: place) == rules)
    }

    @Test func `what is somebody else's stays`() throws {
        _ = try nft("table inet other { chain forward { type filter hook forward priority 0; policy accept; counter accept; }; }")
        let before = try nft("list table inet other")
        try kernel.setRules(PacketRules(isolate: ["sk*"]), in: place)
        try kernel.setRules(nil, in: place)
        #expect(try nft("list ruleset") == before)
    }

    // MARK: Docker

    private static let docker = """
        add table ip filter
        add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }
        add chain ip filter DOCKER-USER
        add rule ip filter FORWARD counter jump DOCKER-USER
        add rule ip filter DOCKER-USER counter return
        """

    private func load(_ ruleset: String) throws {
        for line in ruleset.split(separator: "\n") { _ = try nft(String(line)) }
    }

    @Test func `where Docker drops what is forwarded, its chain for others accepts ours`() throws {
        try load(Self.docker)
        let before = try nft("list table ip filter")
        let rules = PacketRules(acceptForwarding: ["sk*"])
        for _ in 0..<2 { try kernel.setRules(rules, in: place) }
        #expect(try kernel.rules(in: place) == rules)
        let chain = try nft("list chain ip filter DOCKER-USER").split(separator: "\n").map { $0.drop { $0.isWhitespace } }
        #expect(
            chain.filter { $0.contains("sk*") } == ["iifname \"sk*\" accept comment \"skein\"", "oifname \"sk*\" accept comment \"skein\""])
        #expect(chain.firstIndex { $0.contains("return") } == 4)
        try kernel.setRules(nil, in: place)
        #expect(try nft("list table ip filter") == before)
    }

    @Test func `without Docker's chain a policy of dropping is answered in FORWARD, for both families`() throws {
        for family in ["ip", "ip6"] {
            try load("add table \(family) filter\nadd chain \(family) filter FORWARD { type filter hook forward priority 0; policy drop; }")
        }
        let rules = PacketRules(acceptForwarding: ["sk*"])
        try kernel.setRules(rules, in: place)
        #expect(try kernel.rules(in: place) == rules)
        for family in ["ip", "ip6"] { #expect(try nft("list chain \(family) filter FORWARD").contains("iifname \"sk*\" accept")) }
    }

    @Test func `a chain that lets everything through is left alone`() throws {
        try load("add table ip filter\nadd chain ip filter FORWARD { type filter hook forward priority 0; policy accept; }")
        let before = try nft("list table ip filter")
        try kernel.setRules(PacketRules(acceptForwarding: ["sk*"]), in: place)
        #expect(try nft("list table ip filter") == before)
    }

    @Test func `a Docker that comes later, or flushes its chains, is seen`() throws {
        let rules = PacketRules(acceptForwarding: ["sk*"])
        try kernel.setRules(rules, in: place)
        try load(Self.docker)
        for deed in ["list tables", "flush chain ip filter DOCKER-USER"] {
            _ = try nft(deed)
            #expect(try kernel.rules(in: place) != rules)
            try kernel.setRules(rules, in: place)
            #expect(try kernel.rules(in: place) == rules)
        }
    }

    // MARK: Refusals

    @Test(arguments: ["", "a name", "a\"b", "a/b", "a-name-that-is-too-long", "a\\b"])
    func `a name that no device can have is refused`(name: String) throws {
        let code = KernelError.Code.ruleset
        #expect { try kernel.setRules(PacketRules(isolate: [name]), in: place) } throws: { ($0 as? KernelError)?.code == code }
        #expect(try kernel.rules(in: place) == nil)
    }
}
