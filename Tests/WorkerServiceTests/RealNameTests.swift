import Dataplane
import Foundation
import KernelNetwork
import NameServer
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

/// What containers of an engine are told at 169.254.53.53 on the real kernel. Namespaces play the containers, and an upstream the world.
@Suite(.enabled(if: TestHost.isAvailable, "needs root, on a host of its own: scripts/test namespaces makes one"), .serialized)
struct `Names for containers on the real kernel` {
    private let kernel: LinuxKernel
    private static let (device, space) = ("ve1f1f1f1f1f1f", "skein-111111111111")

    init() throws {
        kernel = try LinuxKernel()
        for name in ["skein-111111111111", "dnsbox", "dnsworld"] { try kernel.deleteNamespace(name) }
    }

    private static func id<Subject>(_ digits: String) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digits, count: Identifier<Subject>.length / digits.utf8.count))
    }

    private func view(isInternal: Bool) throws -> [ViewChange] {
        let (node, network): (NodeID, NetworkID) = (try Self.id("a"), try Self.id("1"))
        let endpoints = try [("1f", "web", IPAddress(10, 0, 1, 7)), ("1e", "db", IPAddress(10, 0, 1, 8))].map { digits, name, address in
            EndpointRecord(
                id: try Self.id(digits), network: network, name: try EndpointName(name), addresses: [address],
                mac: try #require(MACAddress(of: address)), node: node, epoch: Epoch(1), sandbox: try Self.id(digits), kind: .engine,
                interface: "")
        }
        let record = NetworkRecord(
            id: network, name: "multi", driver: .overlay, vni: try VNI(300),
            subnets: [SubnetRecord(pool: try Subnet("10.0.1.0/24"), gateway: IPAddress(10, 0, 1, 1))], isInternal: isInternal,
            created: Timestamp(nanoseconds: 0))
        let own = NodeRecord(
            id: node, hostname: "a", vtep: IPAddress(10, 97, 0, 1), advertise: "10.97.0.1:2376", epoch: Epoch(1), version: "0",
            kernelVersion: "6.1", operatingSystem: "Debian", underlayMTU: 1500, joined: Timestamp(nanoseconds: 0))
        return [.node(node, own), .network(network, record)] + endpoints.map { .endpoint(network, $0.id, $0) }
    }

    /// A name server and a data plane as a worker has them, and a container on a network.
    private func withContainer(isInternal: Bool = false, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let view = try view(isInternal: isInternal)
        let names = try NameServer(
            node: try Self.id("a"), resolvers: FixedResolvers([Resolver(address: .nameService)]), clock: ContinuousClock(),
            randomness: SeededRandomness(seed: 1), logger: quiet)
        let plane = Dataplane(
            node: try Self.id("a"), kernel: kernel, files: FilesInMemory(), sites: NameSockets(kernel: kernel, nameServer: names),
            options: DataplaneOptions(linger: .zero, servesHost: true), clock: ContinuousClock(), logger: quiet)
        names.apply(view)
        names.setInSync(true, try Self.id("1"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await names.run() }
            group.addTask { try await plane.run() }
            await plane.start(with: view)
            try await plane.settle(endpoint: try Self.id("1f"))
            try Self.run("ip netns add dnsbox && ip link set \(Self.device) netns dnsbox && ip -n dnsbox link set \(Self.device) name eth0")
            try Self.run("ip -n dnsbox addr add 10.0.1.7/24 dev eth0 && ip -n dnsbox link set eth0 up")
            let route = isInternal ? "169.254.53.53/32 dev eth0" : "default via 10.0.1.1"
            try Self.run("ip -n dnsbox route add \(route)")
            try await body()
            try kernel.deleteNamespace("dnsbox")
            await plane.update([.network(try Self.id("1"), nil)])
            try await eventually("the network is gone") { try !kernel.namespaces().contains(Self.space) }
            group.cancelAll()
        }
        try Self.run("ip addr del 169.254.53.53/32 dev lo")
    }

    @discardableResult
    private static func run(_ command: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(command): \(output)", sourceLocation: location)
        return output
    }

    private static func dig(_ question: String, in namespace: String?) throws -> String {
        let place = namespace.map { "ip netns exec \($0) " } ?? ""
        return try run("\(place)dig @169.254.53.53 +tries=1 +time=20 \(question)")
    }

    @Test(arguments: [false, true]) func `are those of its network, by its way out or by a route of its own`(isInternal: Bool) async throws
    {
        try await withContainer(isInternal: isInternal) { () async throws in
            #expect(try Self.dig("+short db", in: "dnsbox") == "10.0.1.8\n")
            #expect(try Self.dig("+short +tcp DB.multi", in: "dnsbox") == "10.0.1.8\n")
            #expect(try Self.dig("+short -x 10.0.1.8", in: "dnsbox") == "db.multi.\n")
            #expect(try Self.dig("nosuch", in: "dnsbox").contains("status: NXDOMAIN"))
        }
    }

    @Test func `are handed on for one that is on none of our networks`() async throws {
        try await withContainer { () async throws in
            // The host's only resolver is ourselves: nobody is asked, and it says so at once and not after going round.
            #expect(try Self.dig("db", in: nil).contains("status: SERVFAIL"))
            #expect(try Self.dig("+tcp -x 10.0.1.8", in: nil).contains("status: SERVFAIL"))
        }
    }
}
