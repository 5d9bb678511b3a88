import EngineAPI
import NetworkModel
import Testing
import WorkerAPI

@testable import Commands

@Suite struct FlagTests {
    @Test func `ranges, gateways and auxiliary addresses find their subnets`() throws {
        let plan = SubnetPlan(
            subnets: ["10.1.0.0/16", "fd00::/64"], ranges: ["10.1.8.0/24"], gateways: ["fd00::9", "10.1.8.1"],
            auxiliaryAddresses: ["router": "10.1.0.9", "switch": "10.1.0.8"])
        #expect(
            try plan.resources() == [
                IPAMConfigResource(
                    subnet: "10.1.0.0/16", ipRange: "10.1.8.0/24", gateway: "10.1.8.1",
                    auxiliaryAddresses: ["router": "10.1.0.9", "switch": "10.1.0.8"]),
                IPAMConfigResource(subnet: "fd00::/64", gateway: "fd00::9"),
            ])
    }

    /// The sentences are those of docker/cli 28.
    @Test(arguments: [
        (SubnetPlan(subnets: [], ranges: ["10.1.0.0/24"]), "every ip-range or gateway must have a corresponding subnet"),
        (SubnetPlan(subnets: [], gateways: ["10.1.0.1"]), "every ip-range or gateway must have a corresponding subnet"),
        (SubnetPlan(subnets: ["10.1.0.0/16", "10.1.2.0/24"]), "multiple overlapping subnet configuration is not supported"),
        (SubnetPlan(subnets: ["10.1.2.0/24", "10.1.0.0/16"]), "multiple overlapping subnet configuration is not supported"),
        (SubnetPlan(subnets: ["10.1.0.0/24"], ranges: ["10.5.0.0/16"]), "no matching subnet for range 10.5.0.0/16"),
        (SubnetPlan(subnets: ["10.1.0.0/24"], gateways: ["10.9.9.9"]), "no matching subnet for gateway 10.9.9.9"),
        (SubnetPlan(subnets: ["10.1.0.0/24"], auxiliaryAddresses: ["a": "10.9.9.9"]), "no matching subnet for aux-address 10.9.9.9"),
        (
            SubnetPlan(subnets: ["10.1.0.0/16", "10.2.0.0/16"], ranges: ["10.1.1.0/24", "10.1.2.0/24"]),
            "cannot configure multiple ranges (10.1.2.0/24, 10.1.1.0/24) on the same subnet (10.1.0.0/16)"
        ),
        (
            SubnetPlan(subnets: ["10.1.0.0/16", "10.2.0.0/16"], gateways: ["10.1.0.1", "10.1.0.2"]),
            "cannot configure multiple gateways (10.1.0.2, 10.1.0.1) for the same subnet (10.1.0.0/16)"
        ),
        (SubnetPlan(subnets: ["nonsense"], gateways: ["10.1.0.1"]), "invalid subnet nonsense: invalid CIDR block notation"),
    ])
    func `what fits no subnet is refused as by docker`(plan: SubnetPlan, message: String) {
        let error = #expect(throws: (any Error).self) { try plan.resources() }
        #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(message))
    }

    @Test func `filters become the API's JSON`() throws {
        #expect(try FilterFlags.query([]).isEmpty)
        let item = try #require(try FilterFlags.query(["name=a", "Name=b", "label=k=v"]).first)
        #expect(item.0 == "filters")
        #expect(item.1 == #"{"label":{"k=v":true},"name":{"a":true,"b":true}}"#)
        #expect(throws: CommandFault.self) { try FilterFlags.query(["nonsense"]) }
    }

    @Test func `a network of a sandbox has Docker's longer form too`() throws {
        let flag = try NetworkFlag("name=multi,ip=10.0.0.9,alias=a,alias=b,ip6=fd00::9,mac-address=02:00:00:00:00:01")
        #expect(
            flag.network
                == SandboxCreateBody.Network(
                    network: "multi", addresses: ["10.0.0.9", "fd00::9"], aliases: ["a", "b"], macAddress: "02:00:00:00:00:01"))
        #expect(try NetworkFlag("multi").network == SandboxCreateBody.Network(network: "multi"))
    }

    @Test(arguments: [("ip=10.0.0.9", "names no network"), ("name=a,gw-priority=1", "gw-priority"), ("name=a,colour=red", "colour")])
    func `an unknown option of a network is refused by its name`(text: String, problem: String) {
        let fault = #expect(throws: CommandFault.self) { try NetworkFlag(text) }
        #expect(fault?.message.contains(problem) == true)
    }

    @Test func `a made-up name can be an endpoint's`() throws {
        for _ in 0..<50 { _ = try EndpointName(SandboxName.random()) }
    }

    @Test(
        arguments: [
            (["no-such-program-at-all"], 127, "executable file not found in $PATH"), (["/no/such/file"], 127, "no such file"),
            (["/etc/passwd"], 126, "permission denied"),
            (["/tmp"], 126, "permission denied"), ([""], 127, "no command"),
        ] as [([String], Int32, String)])
    func `a program that cannot be run has a shell's exit status`(command: [String], status: Int32, problem: String) {
        let fault = #expect(throws: ProgramFault.self) { try Program(command: command).check() }
        #expect(fault?.status == status)
        #expect(fault?.message.contains(problem) == true)
    }

    @Test func `a program is looked for in the path that it will have`() throws {
        try Program(command: ["sh"], environment: ["PATH": "/nowhere:/bin"]).check()
        #expect(throws: ProgramFault.self) { try Program(command: ["sh"], environment: ["PATH": "/nowhere"]).check() }
        try Program(command: ["./sh"], directory: "/bin").check()
    }

    @Test func `a report of a launch is read as it was written`() {
        let report = LaunchReport(status: 127, message: "gone")
        #expect(LaunchReport(bytes: report.bytes) == report)
        #expect(LaunchReport(bytes: []) == nil)
    }
}
