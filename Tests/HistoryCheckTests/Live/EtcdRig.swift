import NetworkModel
import TestSupport

/// Three members of an etcd on loopback that can be parted, each at the end of a link of its own for each of some hosts.
struct EtcdRig: HistoryRig {
    private let network: PeerNetwork
    private let members: [EtcdServer]
    /// By host, then by member.
    private let links: [[Link]]

    init(hosts: Int) async throws {
        network = try PeerNetwork(of: 3)
        let members = try await EtcdServer.startCluster(of: 3, over: network)
        self.members = members
        links = try (0..<hosts).map { _ in try members.map { try Link(to: $0.port) } }
    }

    var ports: [UInt16] { members.map(\.port) }

    func ports(for client: Int) -> [UInt16] { links[client % links.count].map(\.port) }

    func breakSomething(_ randomness: any Randomness) async throws -> String {
        let member = draw(randomness, members.count)
        let time = Duration.milliseconds(100 + draw(randomness, 2400))
        switch draw(randomness, 10) {
        case 0..<3:
            members[member].kill()
            try await ContinuousClock().sleep(for: time)
            try await members[member].restart()
            return "member \(member) killed"
        case 3..<5:
            members[member].freeze()
            try await ContinuousClock().sleep(for: time)
            members[member].thaw()
            return "member \(member) hung"
        case 5:
            for member in members { member.kill() }
            try await heal()
            return "all members killed"
        case 6..<8:
            network.part(member)
            try await ContinuousClock().sleep(for: time)
            network.mend()
            return "member \(member) parted from the others"
        default:
            let host = draw(randomness, links.count)
            links[host][member].sever(randomness.next())
            try await ContinuousClock().sleep(for: time)
            links[host][member].mend()
            return "the link of host \(host) to member \(member) cut"
        }
    }

    func heal() async throws {
        network.mend()
        for link in links.joined() { link.mend() }
        // A member that restarts alone waits for another.
        try await withThrowingTaskGroup { group in
            for member in members where !LoopbackPorts.isOpen(member.port) { group.addTask { try await member.restart() } }
            try await group.waitForAll()
        }
    }
}
