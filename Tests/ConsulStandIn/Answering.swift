import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// An answer that is not what was asked for: Consul's errors are plain texts.
struct ConsulRefusal: Error {
    let status: Int
    let text: String

    init(_ status: Int, _ text: String) { (self.status, self.text) = (status, text) }
}

/// A request with its parts taken apart.
struct ConsulCall {
    /// Which agent is asked.
    let agent: UUID
    let method: String
    let path: String
    let query: [String: String]
    let token: String?
    let body: Data

    var isConsistent: Bool { query["consistent"] != nil }
    var isStale: Bool { query["stale"] != nil }
}

extension Datacentre {
    func answer(_ request: Request, of agent: UUID) async -> Response {
        do {
            let call = try await note(request, agent)
            try refuse(call)
            let response = try await respond(to: call)
            if case .leadershipLost = rules.withLock({ $0.fault }), call.method == "PUT" {
                throw ConsulRefusal(500, "leadership lost while committing log")
            }
            return response
        } catch let refusal as ConsulRefusal {
            return Response(
                status: .init(code: refusal.status), headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: refusal.text)))
        } catch {
            return Response(status: .badRequest, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(error)")))
        }
    }

    private func note(_ request: Request, _ agent: UUID) async throws -> ConsulCall {
        let body = try await request.body.collect(upTo: 8 << 20)
        let call = ConsulCall(
            agent: agent, method: request.method.rawValue, path: request.uri.path.removingPercentEncoding ?? request.uri.path,
            query: Self.query(request.uri.query ?? ""), token: HTTPFields.Element.Name("X-Consul-Token").flatMap { request.headers[$0] },
            body: Data(body.readableBytesView))
        rules.withLock {
            $0.requests.append(
                ConsulRequest(
                    method: call.method, path: call.path, query: call.query, token: call.token,
                    body: String(decoding: call.body, as: UTF8.self)))
        }
        return call
    }

    private static func query(_ text: String) -> [String: String] {
        var query: [String: String] = [:]
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            query[halves[0]] = halves.count > 1 ? halves[1].removingPercentEncoding ?? halves[1] : ""
        }
        return query
    }

    /// What holds for every call.
    private func refuse(_ call: ConsulCall) throws(ConsulRefusal) {
        if call.isConsistent, call.isStale {
            throw ConsulRefusal(400, "Cannot specify ?stale with ?consistent, conflicting semantics.")
        }
        switch rules.withLock({ $0.fault }) {
        case .noLeader where !call.isStale: throw ConsulRefusal(500, "No cluster leader")
        case .tooManyRequests: throw ConsulRefusal(429, "rate limit exceeded, try again later or against a different server")
        default: break
        }
        if let datacenter = call.query["dc"], datacenter != options.datacenter {
            throw ConsulRefusal(500, "No path to datacenter")
        }
        if call.query["ns"] != nil, !options.isEnterprise {
            throw ConsulRefusal(400, "Invalid query parameter: \"ns\" - Namespaces are a Consul Enterprise feature")
        }
        if let token = call.token, !token.isEmpty, options.token != nil, token != options.token {
            throw ConsulRefusal(403, "ACL not found")
        }
    }

    private func respond(to call: ConsulCall) async throws -> Response {
        switch (call.method, call.path) {
        case ("PUT", "/v1/txn"): return try transact(call)
        // A client that hangs up is noticed at the end of its wait only: Hummingbird's way to notice would take of the next request.
        case ("GET", let path) where path.hasPrefix("/v1/kv/"): return try await read(call)
        case ("PUT", let path) where path.hasPrefix("/v1/session/"): return try changeSession(call)
        case ("GET", "/v1/status/leader"): return Self.json("127.0.0.1:8300")
        default: throw ConsulRefusal(404, "Invalid URL path: not a recognized HTTP API endpoint")
        }
    }

    /// Whether the call has the token that may do everything; without ACLs each may.
    func mayAll(_ call: ConsulCall) -> Bool { options.token == nil || call.token == options.token }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: [String: String] = [:]) -> Response {
        var fields: HTTPFields = [.contentType: "application/json"]
        for (name, value) in headers { if let name = HTTPFields.Element.Name(name) { fields[name] = value } }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let body = (try? encoder.encode(value)) ?? Data()
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
