import DaemonKit
import NetworkModel
import Testing
import WorkerAPI

@testable import WorkerService

/// What the doctor says of a host, a fact at a time.
@Suite struct HostChecksTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let subject: String
        let verdict: DoctorCheck.Verdict
        /// Parts of the finding and the advice.
        let words: [String]
        let change: @Sendable (inout DoctorFacts) throws -> Void

        var testDescription: String { name }
    }

    @Test func `a sound host is sound in every respect, and each thing is said once`() throws {
        let checks = HostChecks(facts: try Facts.sound()).all
        #expect(checks.filter { $0.verdict != .ok } == [])
        #expect(
            checks.map(\.subject) == [
                "cluster store", "node", "records", "advertised address", "kernel", "data plane", "underlay MTU", "VXLAN port", "nodes",
            ])
    }

    @Test func `a certificate that is valid is told with its last day, after the store it is shown to`() throws {
        var facts = try Facts.sound()
        facts.certificate = (Facts.certificate, .valid(until: "2027-01-01"))
        let checks = HostChecks(facts: facts).all
        #expect(checks.prefix(2).map(\.subject) == ["cluster store", "certificate"])
        #expect(checks[1] == DoctorCheck(.ok, "certificate", "/etc/skein/cert.pem is valid until 2027-01-01"))
    }

    @Test(arguments: [
        Case(
            name: "a store that does not answer is named by its flag (lesson 9)", subject: "cluster store", verdict: .failed,
            words: ["--cluster-store etcd://10.0.0.5:2379", "connection refused", "start the store"]
        ) { $0.storeFault = "connection refused" },
        Case(
            name: "a certificate that ends soon is a warning", subject: "certificate", verdict: .warning,
            words: ["/etc/skein/cert.pem is valid until 2026-01-31 only", "skein tls renew"]
        ) { $0.certificate = (Facts.certificate, .nearEnd(until: "2026-01-31")) },
        Case(
            name: "a certificate that has ended is a failure", subject: "certificate", verdict: .failed,
            words: ["/etc/skein/cert.pem was valid until 2026-01-31", "skein tls renew"]
        ) { $0.certificate = (Facts.certificate, .ended(on: "2026-01-31")) },
        Case(
            name: "a certificate that is not valid yet is a failure", subject: "certificate", verdict: .failed,
            words: ["/etc/skein/cert.pem is valid from 2026-01-31 on", "clock"]
        ) { $0.certificate = (Facts.certificate, .early(from: "2026-01-31")) },
        Case(
            name: "a certificate that cannot be read is a failure", subject: "certificate", verdict: .failed,
            words: ["kv.certfile", "cannot read /etc/skein/cert.pem"]
        ) { $0.certificate = (Facts.certificate, .unusable("cannot read /etc/skein/cert.pem: permission denied")) },
        Case(name: "a node that has not joined says why", subject: "node", verdict: .failed, words: ["newer format"]) {
            $0.joinFault = "the catalog has a newer format"
        },
        Case(
            name: "what a store has lost is told (lesson 10)", subject: "records", verdict: .warning,
            words: ["has lost 2 networks; networks put back: multi", "what nobody alive knew is lost"]
        ) { $0.losses = ["the store at etcd://10.0.0.5:2379 has lost 2 networks", "networks put back: multi"] },
        Case(
            name: "an address that has gone is named by its flag (lesson 15)", subject: "advertised address", verdict: .failed,
            words: ["--cluster-advertise", "10.0.0.1", "takes up by itself"]
        ) { $0.underlay = .gone("no device of this host has the address 10.0.0.1") },
        Case(
            name: "an address that two nodes advertise is a failure of both", subject: "advertised address", verdict: .failed,
            words: ["10.0.0.1 is advertised by node-2 too"]
        ) { $0.nodes = [try Facts.node("a"), try Facts.node("b") { $0.vtep = IPAddress(10, 0, 0, 1) }] },
        Case(name: "a kernel without VXLAN is a failure", subject: "kernel", verdict: .failed, words: ["lacks VXLAN"]) {
            $0.kernelFault = "this kernel lacks VXLAN (CONFIG_VXLAN)"
        },
        Case(name: "a plan that cannot be carried out is a failure", subject: "data plane", verdict: .failed, words: ["no space left"]) {
            $0.dataplaneFault = "cannot add a route: no space left"
        },
        Case(
            name: "hosts of different MTU are told which (lesson 19)", subject: "underlay MTU", verdict: .warning,
            words: ["1500 bytes here", "1400 on node-2", "com.docker.network.driver.mtu=1400"]
        ) { $0.nodes = [try Facts.node("a"), try Facts.node("b") { $0.underlayMTU = 1400 }] },
        Case(
            name: "an MTU that has changed since the start is a warning", subject: "underlay MTU", verdict: .warning,
            words: ["it is 9000 now, and was 1500"]
        ) { $0.underlay = .mtu(9000) },
        Case(
            name: "a program on the VXLAN port is named (lesson 22)", subject: "VXLAN port", verdict: .failed,
            words: ["UDP port 4789 is held by nc (pid 12)", "--vxlan-port"]
        ) { $0.vxlanHolder = "nc (pid 12)" },
        Case(
            name: "a node that is away is a warning with what it holds", subject: "nodes", verdict: .warning,
            words: ["1 of 2 away", "bbbbbbbbbbbb (3 endpoints)", "--node-grace"]
        ) { $0.nodes = [try Facts.node("a"), NodeDetail(id: try Facts.id("b"), record: nil, endpoints: 3)] },
        Case(name: "nodes of different versions are a warning", subject: "nodes", verdict: .warning, words: ["0.1.0, 0.2.0"]) {
            $0.nodes = [try Facts.node("a"), try Facts.node("b") { $0.version = "0.2.0" }]
        },
        Case(name: "without a store the nodes are not known", subject: "nodes", verdict: .warning, words: ["not known"]) { $0.nodes = nil },
    ])
    func `one thing that is wrong is told as such, and nothing else`(_ sample: Case) throws {
        var facts = try Facts.sound()
        try sample.change(&facts)
        let wrong = HostChecks(facts: facts).all.filter { $0.verdict != .ok && $0.subject == sample.subject }
        try #require(wrong.count == 1)
        #expect(wrong[0].verdict == sample.verdict)
        let text = "\(wrong[0].finding): \(wrong[0].advice ?? "")"
        for word in sample.words { #expect(text.contains(word)) }
    }
}

/// A sound host, to be broken.
enum Facts {
    static func id<Subject>(_ digit: Character) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digit, count: 64))
    }

    static func node(_ digit: Character, _ change: (inout NodeRecord) -> Void = { _ in }) throws -> NodeDetail {
        let number = digit == "a" ? 1 : 2
        var record = NodeRecord(
            id: try id(digit), hostname: "node-\(number)", vtep: try IPAddress("10.0.0.\(number)"), advertise: "10.0.0.\(number):2376",
            epoch: Epoch(1), version: "0.1.0", kernelVersion: "6.1.0", operatingSystem: "Debian", underlayMTU: 1500,
            joined: Timestamp(nanoseconds: 0))
        change(&record)
        return NodeDetail(id: record.id, record: record)
    }

    static let certificate = OwnCertificate(path: "/etc/skein/cert.pem")

    static func sound() throws -> DoctorFacts {
        let nodes = [try node("a"), try node("b")]
        return DoctorFacts(record: try #require(nodes[0].record), store: "etcd://10.0.0.5:2379", nodes: nodes)
    }
}
