import Foundation
import Hummingbird
import NIOCore
import Synchronization

extension Datacentre {
    // MARK: /v1/txn

    func transact(_ call: ConsulCall) throws -> Response {
        guard call.body.count <= options.mostBytes else {
            throw ConsulRefusal(
                413,
                "Request body(\(call.body.count) bytes) too large, max size: \(options.mostBytes) bytes. See "
                    + "https://developer.hashicorp.com/docs/agent/config/config-files#txn_max_req_len.")
        }
        let operations = try Self.operations(of: call)
        guard operations.count <= options.mostOperations else {
            throw ConsulRefusal(413, "Transaction contains too many operations (\(operations.count) > \(options.mostOperations))")
        }
        if !mayAll(call) {
            let denied = operations.enumerated().filter { !["get", "get-or-empty", "get-tree"].contains($1.verb) }
            guard denied.isEmpty else {
                return Self.json(TxnErrors(denied.map { .init($0.offset, "Permission denied") }), status: .conflict)
            }
        }
        let outcome = perform(operations, for: call)
        switch outcome {
        case .success(let results): return Self.json(TxnAnswer(mayAll(call) ? results : []))
        case .failure(let errors): return Self.json(errors, status: .conflict)
        }
    }

    private func perform(_ operations: [TxnOperation], for call: ConsulCall) -> Result<[TxnResult], TxnErrors> {
        if !operations.contains(where: \.isWrite), !call.isConsistent, var stale = rules.withLock({ $0.stale }) {
            return stale.perform(operations, at: .zero)
        }
        return change { world, now in world.perform(operations, at: now) }
    }

    private static func operations(of call: ConsulCall) throws -> [TxnOperation] {
        let parsed: [TxnOperation?]
        do {
            parsed = try TxnOperation.parse(call.body)
        } catch {
            throw ConsulRefusal(400, "Failed to parse body: \(error)")
        }
        let operations = parsed.compactMap(\.self)
        guard operations.count == parsed.count else { throw ConsulRefusal(400, "the stand-in knows operations on keys only") }
        return operations
    }

    // MARK: /v1/kv

    func read(_ call: ConsulCall) async throws -> Response {
        let path = String(call.path.dropFirst("/v1/kv/".count))
        try Self.check(path)
        let key = ConsulKey(path, in: call.query["ns"] ?? "default")
        let isTree = call.query["recurse"] != nil
        guard isTree || !path.isEmpty else { throw ConsulRefusal(400, "Missing key name") }
        let mayRead = mayAll(call)
        guard isTree || mayRead else { throw ConsulRefusal(403, "Permission denied: lacks permission 'key:read' on \"\(path)\"") }
        let look: @Sendable (World) -> (index: UInt64, answer: [TxnResult]) = { world in
            isTree ? Self.list(key, in: world) : Self.one(key, in: world)
        }
        let answer = await consistent(call, look)
        let results = mayRead ? answer.answer : []
        var headers = ["X-Consul-Index": "\(max(1, answer.index))", "X-Consul-KnownLeader": "true", "X-Consul-LastContact": "0"]
        if results.count != answer.answer.count { headers["X-Consul-Results-Filtered-By-ACLs"] = "true" }
        guard !results.isEmpty else {
            var response = Self.json("", status: .notFound, headers: headers)
            response.body = ResponseBody()
            return response
        }
        return Self.json(results, headers: headers)
    }

    private func consistent(
        _ call: ConsulCall, _ look: @escaping @Sendable (World) -> (index: UInt64, answer: [TxnResult])
    ) async -> (index: UInt64, answer: [TxnResult]) {
        if !call.isConsistent, let stale = rules.withLock({ $0.stale }) { return look(stale) }
        guard let index = call.query["index"].flatMap(UInt64.init), index > 0 else {
            return change { world, _ in look(world) }
        }
        let wait = min(call.query["wait"].flatMap(GoDuration.parse) ?? .seconds(300), .seconds(600))
        // Consul adds up to a sixteenth, so that many queries do not end at once.
        return await read(at: call.agent, after: index, within: wait + wait * Double.random(in: 0..<1) / 16, look)
    }

    private static func list(_ prefix: ConsulKey, in world: World) -> (index: UInt64, answer: [TxnResult]) {
        let found = world.table.list(prefix)
        return (found.index, found.keys.compactMap { key in world.table[key].map { TxnResult(key, $0, withValue: true) } })
    }

    private static func one(_ key: ConsulKey, in world: World) -> (index: UInt64, answer: [TxnResult]) {
        guard let entry = world.table[key] else { return (world.table.tableIndex, []) }
        return (entry.modifyIndex, [TxnResult(key, entry, withValue: true)])
    }

    /// The strictest that a Consul was about keys in URLs: 1.21.5.
    private static func check(_ path: String) throws(ConsulRefusal) {
        let allowed = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: ",-_./?&=".utf8.contains(byte)
            }
        }
        guard allowed, !path.contains("..") else {
            throw ConsulRefusal(500, "invalid key name, keys should respect the \"^[a-zA-Z0-9,_./\\\\-?&=]+$\" format")
        }
    }
}
