import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

/// The fake kernel and the real one get the same changes, and must give the same answers and the same dumps.
@Suite(Lab.condition) struct DifferentialTests {
    private let lab: Lab
    private let fake = FakeKernel()

    init() throws {
        lab = try Lab()
    }

    @Test(arguments: 1...16 as ClosedRange<UInt64>)
    func `the fake kernel does what the real one does`(seed: UInt64) throws {
        let (place, other) = (try lab.namespace(), try lab.namespace())
        for space in [place, other] { try fake.createNamespace(space.name) }
        var changes = RandomChanges(
            randomness: SeededRandomness(seed: seed), place: place, other: other, vnis: [try Lab.vni(), try Lab.vni()])
        for _ in 0..<60 {
            let batch = (0..<3).map { _ in changes.next() }
            let (said, real) = (try fake.apply(batch, in: place).map(Answer.init), try lab.kernel.apply(batch, in: place).map(Answer.init))
            guard said == real else {
                Issue.record("the fake kernel answered \(said), the real one \(real), to \(batch)")
                return
            }
            for space in [place, other] {
                let (fake, real) = (Picture(try fake.dump(space)), Picture(try lab.kernel.dump(space)))
                guard fake == real else {
                    Issue.record("\(space) differs after \(batch): \(fake.without(real)), and not \(real.without(fake))")
                    return
                }
            }
        }
    }

    @Test func `the fake kernel keeps the same settings and rules`() throws {
        let place = try lab.namespace()
        try fake.createNamespace(place.name)
        for kernel in [fake, lab.kernel] as [any NetworkKernel] {
            #expect(try kernel.systemControl("net/ipv4/ip_forward", in: place) == "0")
            try kernel.setSystemControl("net/ipv4/ip_forward", to: "1", in: place)
            #expect(try kernel.systemControl("net/ipv4/ip_forward", in: place) == "1")
            #expect(throws: KernelError.self) { try kernel.setSystemControl("net/ipv4/conf/absent/forwarding", to: "1", in: place) }
            #expect(try kernel.rules(in: place) == nil)
            let rules = PacketRules(masqueradeOut: ["uplink0"])
            try kernel.setRules(rules, in: place)
            #expect(try kernel.rules(in: place) == rules)
            try kernel.setRules(nil, in: place)
            #expect(try kernel.rules(in: place) == nil)
        }
    }
}

/// A refusal without its words.
private struct Answer: Hashable, CustomStringConvertible {
    let index: Int
    let code: KernelError.Code

    init(_ failure: KernelFailure) {
        index = failure.index
        code = failure.error.code
    }

    var description: String { "\(index): \(code)" }
}

/// A dump as far as the fake kernel models it, as lines: without indices, and without what the loopback has.
private struct Picture: Hashable {
    private let lines: Set<String>

    init(_ state: KernelState) {
        let links = state.links.values.map { link in
            var link = link
            link.index = 0
            return "\(link)"
        }
        let addresses = state.addresses.filter { $0.link != "lo" }.map { "\($0)" }
        let routes = state.routes.filter { $0.link != "lo" }.map { "\($0)" }
        let entries = state.neighbours.map { "\($0)" } + state.forwarding.map { "\($0)" } + state.halfForwarding.map { "half \($0)" }
        lines = Set(links + addresses + routes + entries)
    }

    func without(_ other: Picture) -> [String] { lines.subtracting(other.lines).sorted() }
}
