import Glibc
import NetworkModel
import Synchronization
import Testing

@testable import KernelNetwork

@Suite struct RetryTests {
    private typealias Outcome = Dump.Outcome<Int>

    @Test func `an interrupted dump is tried again until it is whole`() throws {
        var outcomes: [Outcome] = [.interrupted, .interrupted, .complete(3)]
        let value = try Dump.retrying(.host) { () throws(KernelError) in outcomes.removeFirst() }
        #expect(value == 3)
        #expect(outcomes.isEmpty)
    }

    @Test func `a dump that is always interrupted is given up, and never returned`() {
        var attempts = 0
        let attempt: () throws(KernelError) -> Outcome = { () throws(KernelError) in
            attempts += 1
            return .interrupted
        }
        #expect { try Dump.retrying(.named("a"), attempt) } throws: { ($0 as? KernelError)?.code == .dumpInterrupted }
        #expect(attempts == Dump.attempts)
    }

    @Test func `what the kernel refuses is not tried again`() {
        var attempts = 0
        let refusal = KernelError(.errno(EINVAL), "no")
        let attempt: () throws(KernelError) -> Outcome = { () throws(KernelError) in
            attempts += 1
            throw refusal
        }
        #expect(throws: refusal) { try Dump.retrying(.host, attempt) }
        #expect(attempts == 1)
    }
}

@Suite(Lab.condition) struct DumpTests {
    @Test func `a dump among changes has everything that stays`() async throws {
        let lab = try Lab()
        let place = try lab.namespace()
        // Enough addresses for a dump of several parts, which changes in between interrupt.
        let lasting = (0..<2000).map { number in
            AddressEntry(
                link: "br0",
                address: InterfaceAddress(
                    IPAddress(family: .v4, bits: 0x0a08_0001 + number), in: Subnet(containing: IPAddress(10, 8, 0, 0), prefixLength: 16)))
        }
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))] + lasting.map { .replaceAddress($0) }, in: place)
        let isOver = Flag()
        let kernel = lab.kernel
        async let churn: Void = Self.churn(kernel, in: place, until: isOver)
        for _ in 0..<40 {
            do throws(KernelError) {
                #expect(try kernel.dump(place).addresses.isSuperset(of: lasting))
            } catch {
                #expect(error.code == .dumpInterrupted)
            }
        }
        isOver.raise()
        try await churn
    }

    private static func churn(_ kernel: LinuxKernel, in place: KernelNamespace, until isOver: Flag) async throws {
        let passing = AddressEntry(link: "br0", address: try InterfaceAddress("10.9.0.1/16"))
        while !isOver.isRaised {
            _ = try kernel.apply([.replaceAddress(passing), .deleteAddress(passing)], in: place)
        }
    }

    @Test func `an interruption is seen in what the kernel sends`() throws {
        let lab = try Lab()
        let place = try lab.namespace()
        let lasting = (0..<3000).map { IPAddress(family: .v4, bits: 0x0a08_0001 + $0) }
        try lab.apply(
            [.addLink(LinkSpec(name: "br0", kind: .bridge))]
                + lasting.map {
                    .replaceAddress(AddressEntry(link: "br0", address: InterfaceAddress($0, in: Subnet(containing: $0, prefixLength: 16))))
                },
            in: place)
        let connection = try NamespaceThread.run(in: place) { () throws(KernelError) in try Connection(openedIn: place) }
        var seen = 0
        let outcome = connection.dump(2 + UInt16(20), request: { $0.put(ifaddrmsgOfAnyFamily()) }) { _ in
            seen += 1
            // In the middle of the dump.
            guard seen == 10 else { return }
            _ = try? shell("ip -n \(place.name) address add 10.9.0.1/16 dev br0")
        }
        guard case .interrupted = outcome else {
            Issue.record("\(outcome) and not interrupted, after \(seen) messages")
            return
        }
    }

    /// struct ifaddrmsg, all zero.
    private func ifaddrmsgOfAnyFamily() -> UInt64 { 0 }

    @Test func `routes over several hops are all read`() throws {
        let lab = try Lab()
        let place = try lab.namespace()
        let script = """
            ip -n \(place.name) link add br0 type bridge; ip -n \(place.name) link set br0 up; ip -n \(place.name) address add 10.7.0.1/24 dev br0
            ip -n \(place.name) route add 10.9.0.0/16 nexthop via 10.7.0.2 dev br0 nexthop via 10.7.0.3 dev br0
            ip -n \(place.name) route add blackhole 10.10.0.0/16; ip -n \(place.name) route add 10.11.0.0/16 dev br0 table 7
            """
        try #require(try shell(script).status == 0)
        let destination = try Subnet("10.9.0.0/16")
        let hops = [IPAddress(10, 7, 0, 2), IPAddress(10, 7, 0, 3)].map { RouteEntry(destination: destination, gateway: $0, link: "br0") }
        let own = RouteEntry(destination: try Subnet("10.7.0.0/24"), gateway: nil, link: "br0")
        #expect(try lab.kernel.dump(place).routes == Set(hops + [own]))
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}
