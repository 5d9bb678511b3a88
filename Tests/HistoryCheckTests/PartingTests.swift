import ClusterStore
import EtcdProtocol
import EtcdStore
import HTTPTransport
import Logging
import TestSupport
import Testing

extension HistoryTests {
    /// A member that is said to be parted from the others is: a history in which nothing breaks proves little.
    @Suite(.timeLimit(.minutes(3))) struct PartingTests {
        enum Role: CaseIterable { case leader, follower }

        @Test(arguments: Role.allCases)
        func `a parted member decides nothing while the others go on, and catches up when it is mended`(role: Role) async throws {
            let network = try PeerNetwork(of: 3)
            let members = try await EtcdServer.startCluster(of: 3, over: network)
            let stores = try members.map { try Self.store(at: $0.port) }
            try await Self.put("before", by: stores)
            let leader = try await Self.leader(of: members)
            let parted = role == .leader ? leader : (leader + 1) % 3
            let others = stores.indices.filter { $0 != parted }.map { stores[$0] }

            network.part(parted)
            try await Self.put("meanwhile", by: others)
            try await eventually("the parted member has no leader") {
                try await Self.failure { _ = try await stores[parted].list([StoreKey(path: "")]) }.message.contains("no leader")
            }
            _ = try await Self.failure { try await Self.put("in vain", stores[parted]) }
            try await Self.put("still", by: others)
            for store in others { #expect(try await Self.paths(store) == ["before", "meanwhile", "still"]) }

            network.mend()
            try await Self.put("after", by: [stores[parted]])
            for store in stores { #expect(try await Self.paths(store) == ["after", "before", "meanwhile", "still"]) }
        }

        private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

        private static func store(at port: UInt16) throws -> EtcdStore {
            EtcdStore(
                endpoints: [EtcdEndpoint(host: "127.0.0.1", port: port)], http: try HTTPClient(logger: quiet),
                randomness: SeededRandomness(seed: 0), patience: .seconds(2), logger: quiet)
        }

        private static func put(_ path: String, _ store: EtcdStore) async throws {
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey(path: path), [])]))
        }

        /// Each takes the write in the end: there may be no leader yet.
        private static func put(_ path: String, by stores: [EtcdStore]) async throws {
            for store in stores {
                try await eventually("\(path) is put by \(store.location)") { (try? await put(path, store)) != nil }
            }
        }

        private static func paths(_ store: EtcdStore) async throws -> [String] {
            try await store.list([StoreKey(path: "")]).entries.map(\.key.path)
        }

        private static func leader(of members: [EtcdServer]) async throws -> Int {
            let http = try HTTPClient(logger: quiet)
            var leader: Int?
            try await eventually("a member leads") {
                for (number, member) in members.enumerated() where leader == nil {
                    let answer = try await http.send(
                        HTTPRequest(method: "POST", url: "http://127.0.0.1:\(member.port)\(EtcdCall.status.path)", body: Array("{}".utf8)))
                    let status = try EtcdJSON.decode(EtcdStatusResponse.self, from: answer.body)
                    if status.leader == status.header.memberID { leader = number }
                }
                return leader != nil
            }
            return try #require(leader)
        }

        private static func failure(_ operation: () async throws -> Void) async throws -> StoreError {
            do {
                try await operation()
            } catch let error as StoreError {
                return error
            }
            throw TestProblem("a member that is parted has answered")
        }
    }
}
