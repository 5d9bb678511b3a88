import Foundation
import Hummingbird

extension Datacentre {
    func changeSession(_ call: ConsulCall) throws -> Response {
        let parts = call.path.split(separator: "/").map(String.init)
        guard mayAll(call) else {
            throw ConsulRefusal(403, "Permission denied: lacks permission 'session:write' on \"\(options.nodeName)\"")
        }
        switch (parts.dropFirst(2).first, parts.dropFirst(3).first) {
        case ("create", nil): return try createSession(call)
        case ("renew", let id?):
            guard id.utf8.count == 36 else { throw ConsulRefusal(500, "failed session lookup: index error: UUID must be 36 characters") }
            guard let session = change({ world, now in world.renewSession(id, at: now) }) else {
                throw ConsulRefusal(404, "Session id '\(id)' not found")
            }
            return Self.json([SessionAnswer(ID: session.id, Name: session.name, Node: session.node, Behavior: session.behavior)])
        case ("destroy", let id?):
            change { world, now in world.endSession(id, at: now) }
            return Self.json(true)
        default: throw ConsulRefusal(400, "Missing session")
        }
    }

    private func createSession(_ call: ConsulCall) throws -> Response {
        let request: SessionRequest
        do {
            request = try SessionRequest(call.body, namespace: call.query["ns"] ?? "default")
        } catch {
            throw ConsulRefusal(400, "Request decode failed: \(error)")
        }
        do {
            let id = try change { world, now in try world.createSession(request, at: now) }
            return Self.json(["ID": id])
        } catch let refusal as TxnRefusal {
            throw ConsulRefusal(500, refusal.what)
        }
    }

    private struct SessionAnswer: Encodable {
        let ID: String
        let Name: String
        let Node: String
        let Behavior: String
    }
}
