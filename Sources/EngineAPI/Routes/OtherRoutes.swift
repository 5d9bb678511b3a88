import FaceKit
import Hummingbird
import NetworkModel

/// The rest of Docker's API: refused in words, so that a user knows that it is not a mistake in a path.
extension EngineRoutes {
    /// The families of Docker's API that have nothing to do with networks.
    private static let unserved = [
        "auth", "build", "commit", "configs", "containers", "distribution", "exec", "images", "nodes", "plugins", "secrets", "services",
        "session", "swarm", "system", "tasks", "volumes",
    ]

    func addOthers(to group: RouterGroup<some RequestContext>) {
        for family in Self.unserved {
            for method in [HTTPRequest.Method.get, .post, .put, .delete, .head] {
                group.on("\(family)", method: method) { _, _ in try Self.refuse(family) }
                group.on("\(family)/**", method: method) { request, _ in try Self.answer(request, family) }
            }
        }
    }

    /// `docker inspect` looks among containers and images before networks, and goes on only after a 404.
    private static func answer(_ request: Request, _ family: String) throws -> Response {
        guard request.method == .get, let name = inspectedName(request.uri.path, family) else { return try refuse(family) }
        throw RequestFault(.notFound, "No such \(family.dropLast()): \(name)")
    }

    /// What stands in `/containers/NAME/json`; an image's name may hold slashes.
    private static func inspectedName(_ path: String, _ family: String) -> String? {
        guard family == "containers" || family == "images" else { return nil }
        let parts = path.split(separator: "/").drop { $0 != family }.dropFirst()
        guard parts.count > 1, parts.last == "json" else { return nil }
        return PercentEncoding.decode(parts.dropLast().joined(separator: "/"))
    }

    /// The words "not supported" let `docker inspect` go on to the next kind of object.
    private static func refuse(_ family: String) throws -> Response {
        throw RequestFault(.unsupported, "/\(family) is not supported: this daemon answers for networks only, ask the host's own engine")
    }
}
