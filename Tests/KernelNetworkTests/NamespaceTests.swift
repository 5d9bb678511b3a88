import Foundation
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@Suite(Lab.condition) struct NamespaceTests {
    private let lab: Lab
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
    }

    @Test func `a namespace is made with its loopback up, listed, and known to ip`() throws {
        let name = lab.freeName()
        #expect(try !kernel.namespaces().contains(name))
        try kernel.createNamespace(name)
        #expect(try kernel.namespaces().contains(name))
        #expect(try shell("ip netns list").output.split(whereSeparator: \.isWhitespace).contains(Substring(name)))
        let state = try kernel.dump(.named(name))
        #expect(state.links.keys.sorted() == ["lo"])
        #expect(state.links["lo"]?.isUp == true)
        #expect(state.links["lo"]?.kind == .loopback)
    }

    @Test func `making and deleting a namespace again is no error`() throws {
        let name = lab.freeName()
        try kernel.createNamespace(name)
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: .named(name))
        try kernel.createNamespace(name)
        #expect(try kernel.dump(.named(name)).links["br0"] != nil)
        try kernel.deleteNamespace(name)
        try kernel.deleteNamespace(name)
        #expect(try !kernel.namespaces().contains(name))
        #expect(!FileManager.default.fileExists(atPath: "/run/netns/\(name)"))
    }

    @Test func `many who make one namespace at once make one`() throws {
        for _ in 0..<10 {
            let name = lab.freeName()
            let kernel = kernel
            try onThreads(16) { _ in try kernel.createNamespace(name) }
            #expect(try shell("grep -c ' /run/netns/\(name) ' /proc/self/mountinfo").output == "1\n")
        }
    }

    @Test func `a namespace that is half made is none, and is completed or removed`() throws {
        let (first, second) = (lab.freeName(), lab.freeName())
        for name in [first, second] { #expect(FileManager.default.createFile(atPath: "/run/netns/\(name)", contents: Data())) }
        #expect(try kernel.namespaces().isDisjoint(with: [first, second]))
        #expect(throws: KernelError(.noSuchNamespace, "there is no namespace \(first)")) { try kernel.dump(.named(first)) }
        try kernel.createNamespace(first)
        #expect(try kernel.dump(.named(first)).links["lo"]?.isUp == true)
        try kernel.deleteNamespace(second)
        #expect(!FileManager.default.fileExists(atPath: "/run/netns/\(second)"))
    }

    @Test func `what an earlier life of ours left half made is removed at the start, and what is another tool's is not`() throws {
        let (ours, foreign) = (lab.freeName(), lab.freeName())
        #expect(FileManager.default.createFile(atPath: "/run/netns/\(ours)", contents: Data("skein".utf8)))
        #expect(FileManager.default.createFile(atPath: "/run/netns/\(foreign)", contents: Data()))
        _ = try LinuxKernel()
        #expect(!FileManager.default.fileExists(atPath: "/run/netns/\(ours)"))
        #expect(FileManager.default.fileExists(atPath: "/run/netns/\(foreign)"))
    }

    @Test(arguments: ["", ".", "..", "a/b", String(repeating: "a", count: 256)])
    func `a name that is no file name is refused`(name: String) {
        #expect { try kernel.createNamespace(name) } throws: { ($0 as? KernelError)?.code == .errno(EINVAL) }
    }

    @Test func `every call for a namespace that is not there says so`() throws {
        let place = KernelNamespace.named(lab.freeName())
        let absent = KernelError(.noSuchNamespace, "there is no namespace \(place)")
        #expect(throws: absent) { try kernel.dump(place) }
        #expect(throws: absent) { try kernel.apply([.deleteLink("br0")], in: place) }
        #expect(throws: absent) { _ = try kernel.changes(in: place) }
        #expect(throws: absent) { try kernel.setRules(nil, in: place) }
        #expect(throws: absent) { try kernel.rules(in: place) }
        #expect(throws: absent) { try kernel.setSystemControl("net/ipv4/ip_forward", to: "1", in: place) }
        #expect(throws: absent) { try kernel.openSocket(.stream, at: IPAddress(127, 0, 0, 1), port: 53, in: place) }
        #expect(throws: absent) { try kernel.processes(in: place) }
    }

    @Test func `a path leads to the same namespace as its name`() throws {
        let place = try lab.namespace()
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: .path("/run/netns/\(place.name)"))
        #expect(try kernel.dump(place) == kernel.dump(.path("/run/netns/\(place.name)")))
        #expect(try kernel.dump(.path("/proc/self/ns/net")).links["br0"] == nil)
    }

    @Test func `a namespace that somebody else makes again under its name is a new one`() throws {
        let place = try lab.namespace()
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: place)
        try shell("ip netns del \(place.name) && ip netns add \(place.name)")
        #expect(try kernel.dump(place).links["br0"] == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a namespace that somebody else deletes is not kept alive by our sockets`() async throws {
        let place = try lab.namespace()
        let end = "gone\(Lab.unique())"
        let pair = LinkSpec(name: "up0", kind: .veth(peer: VethPeer(name: end, namespace: .host)))
        try lab.apply([.addLink(pair)], in: place)
        let changes = try kernel.changes(in: place)
        try shell("ip netns del \(place.name)")
        for await _ in changes {}
        try await eventually("the other end of the pair is gone") { try kernel.dump(.host).links[end] == nil }
    }

    @Test func `its devices and their other ends are gone when a namespace's deletion returns (lesson 5)`() throws {
        let (name, end, vni) = (lab.freeName(), "far\(Lab.unique())", try Lab.vni())
        for _ in 0..<5 {
            try kernel.createNamespace(name)
            try lab.apply(
                [
                    .addLink(LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: 4789, local: IPAddress(127, 0, 0, 1)))),
                    .addLink(LinkSpec(name: "up0", kind: .veth(peer: VethPeer(name: end, namespace: .host)))),
                ], in: .named(name))
            try kernel.deleteNamespace(name)
            #expect(try kernel.dump(.host).links[end] == nil)
        }
    }

    @Test func `the processes in a namespace are found`() throws {
        let place = try lab.namespace()
        #expect(try kernel.processes(in: place) == [])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip", "netns", "exec", place.name, "sh", "-c", "echo ready; exec cat"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        #expect(try output.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
        #expect(try kernel.processes(in: place) == [process.processIdentifier])
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(try kernel.processes(in: place) == [])
        #expect(try kernel.processes(in: .host).contains(getpid()))
    }
}
