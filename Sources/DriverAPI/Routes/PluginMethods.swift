import FaceKit
import Hummingbird
import NIOCore

/// The methods of one interface of the protocol: each is a POST to `/Interface.Method`.
struct PluginMethods {
    let interface: String
    let router: Router<BasicRequestContext>
    let bound: CallBound

    /// A method that is given something and answers something.
    func answer<Body: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ method: String, _ work: @escaping @Sendable (Body) async throws -> Answer
    ) {
        let name = "\(interface).\(method)"
        router.post(RouterPath(name)) { [bound] request, _ in
            let body = try await request.jsonOfAnyContentType(Body.self)
            return try Response.plugin(try await bound.run(name) { try await work(body) })
        }
    }

    /// A method that is given something, and whose answer says only that it is done.
    func perform<Body: Decodable & Sendable>(_ method: String, _ work: @escaping @Sendable (Body) async throws -> Void) {
        answer(method) { (body: Body) in
            try await work(body)
            return EmptyAnswer()
        }
    }

    /// A method whose answer is known: what came with it is not looked at.
    func answer(_ method: String, with answer: some Encodable & Sendable) {
        router.post(RouterPath("\(interface).\(method)")) { _, _ in try Response.plugin(answer) }
    }
}

extension Response {
    /// An answer in the plugin protocol's type, which the engine asks for and does not check.
    static func plugin(_ answer: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/vnd.docker.plugins.v1.2+json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try OrderedJSON.bytes(of: answer))))
    }
}
