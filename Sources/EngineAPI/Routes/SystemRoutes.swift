import FaceKit
import Hummingbird

/// Who is there: what a client asks before anything else.
extension EngineRoutes {
    func addSystem(to group: RouterGroup<some RequestContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            group.on("_ping", method: method) { request, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-cache, no-store, must-revalidate"],
                    body: request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: "OK")))
            }
        }
        group.get("version") { _, _ in try Response.orderedJSON(VersionBody(backend.identity)) }
        group.get("info") { _, _ in try Response.orderedJSON(InfoBody(backend.identity, await backend.info())) }
    }
}
