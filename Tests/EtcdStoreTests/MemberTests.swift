import ClusterStore
import EtcdProtocol
import StoreConformance
import TestSupport
import Testing

@testable import EtcdStore

/// Three real members, of which some are killed or hang.
@Suite(.serialized, .timeLimit(.minutes(3))) struct MemberTests {
    /// As in use, but for machines that are busy with other tests.
    private static let limits = EtcdLimits(connect: .seconds(2), answer: .seconds(4), list: .seconds(10))

    private struct Cluster {
        let members: [EtcdServer]

        var ports: [UInt16] { members.map(\.port) }

        func store(first: Int = 0) throws -> EtcdStore {
            try EtcdStore(ports: Array(ports[first...] + ports[..<first]), limits: limits)
        }

        /// Writers that begin at different members.
        func load() throws -> Load { Load(try (0..<6).map { try store(first: $0 % members.count) }) }

        func leader() async throws -> EtcdServer {
            var leader: EtcdServer?
            try await eventually("a member leads") {
                for member in members where leader == nil {
                    let status = try? await member.status()
                    if let status, status.leader == status.header.memberID, status.leader != 0 { leader = member }
                }
                return leader != nil
            }
            return try #require(leader)
        }
    }

    private func cluster() async throws -> Cluster {
        let cluster = Cluster(members: try await EtcdServer.startCluster(of: 3))
        let store = try cluster.store()
        try await eventually("the first write") { (try? await store.put("first")) != nil }
        return cluster
    }

    @Test func `when the leader is killed under load no acknowledged write is lost and none is made twice (lesson 10)`() async throws {
        let cluster = try await cluster()
        let load = try cluster.load()
        let follower = Follower(try cluster.store().watch(""))
        try await load.goesOn("at first")
        for _ in 0..<2 {
            let leader = try await cluster.leader()
            leader.kill()
            try await load.goesOn("with another leader")
            try await leader.restart()
            try await load.goesOn("with all members")
        }
        let store = try cluster.store()
        let difference = try await load.end(store)
        #expect(difference == Load.Difference())
        let last = try await store.put("last")
        try await follower.reaches("the last write") { $0.revision >= last }
        // How often it listed is left open: a member that was started again may be behind for a while.
        #expect(try await store.list("").values == follower.view.values)
    }

    @Test func `any member may be killed, and who was with it goes on with another`() async throws {
        let cluster = try await cluster()
        for number in 0..<3 {
            let store = try cluster.store(first: number)
            let follower = Follower(store.watch(""))
            try await eventually("the first write") { (try? await store.put("before")) != nil }
            try await follower.reaches("the beginning") { $0.values["before"] != nil }
            cluster.members[number].kill()
            try await eventually("a write is made") { (try? await store.put("k\(number)")) != nil }
            // How often it listed is left open, as above.
            try await follower.reaches("the write") { $0.values["k\(number)"] != nil }
            try await cluster.members[number].restart()
        }
    }

    @Test func `a member without a quorum says that it has no leader, and nothing is made`() async throws {
        let cluster = try await cluster()
        let store = try cluster.store()
        cluster.members[1].kill()
        cluster.members[2].kill()
        try await eventually("a write is refused") {
            let error = try await failure { try await store.put("b") }
            return error.code == .unavailable && error.message.contains("no leader")
        }
        #expect(try await failure { _ = try await store.get("b") }.message.contains("no leader"))
        let load = try cluster.load()
        try await eventually("many are refused") { load.told.refused.count > 50 }
        #expect(load.told.acknowledged.isEmpty && load.told.unknown.isEmpty)
        try await cluster.members[1].restart()
        try await load.goesOn("by two members")
        let difference = try await load.end(store)
        #expect(difference == Load.Difference())
    }

    @Test func `a member that hangs is left, by watches too`() async throws {
        let cluster = try await cluster()
        let (store, other) = (try cluster.store(), try cluster.store(first: 1))
        let follower = Follower(store.watch(""))
        try await store.put("before")
        try await follower.reaches("the beginning") { $0.values["before"] != nil }
        // What comes after the beginning comes on the stream: it is open then.
        try await store.put("streamed")
        try await follower.reaches("an event") { $0.values["streamed"] != nil }
        cluster.members[0].freeze()
        try await eventually("a write of another") { (try? await other.put("after")) != nil }
        // What finds out: the next call of the same client, a renewal of its lease at the latest.
        try await eventually("its next call is answered") { (try? await store.get("after")) != nil }
        try await follower.reaches("the write") { $0.values["after"] != nil }
        #expect(follower.view.snapshots == 1 && follower.view.interruptions.isEmpty)
        cluster.members[0].thaw()
    }

    @Test func `a leader that hangs under load loses nothing (lesson 10)`() async throws {
        let cluster = try await cluster()
        let load = try cluster.load()
        try await load.goesOn("at first")
        let leader = try await cluster.leader()
        leader.freeze()
        try await load.goesOn("with another leader")
        leader.thaw()
        try await load.goesOn("with all members")
        let difference = try await load.end(try cluster.store())
        #expect(difference == Load.Difference())
    }
}
