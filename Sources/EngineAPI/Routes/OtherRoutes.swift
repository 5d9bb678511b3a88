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
        group.get("containers/json") { _, _ in try Response.json([String]()) }
        // `docker inspect` looks among containers and images before networks, and goes on only after a 404.
        group.get("containers/{name}/json") { _, context in
            try Self.absent("container", context.parameters.get("name"))
        }
        group.get("images/{name}/json") { _, context in
            try Self.absent("image", context.parameters.get("name"))
        }
        for family in Self.unserved {
            for method in [HTTPRequest.Method.get, .post, .put, .delete, .head] {
                group.on("\(family)", method: method) { _, _ in try Self.refuse(family) }
                group.on("\(family)/**", method: method) { _, _ in try Self.refuse(family) }
            }
        }
    }

    private static func absent(_ what: String, _ name: String?) throws -> Response {
        let name = name.flatMap { PercentEncoding.decode($0) } ?? ""
        throw RequestFault(.notFound, "No such \(what): \(name)")
    }

    private static func refuse(_ family: String) throws -> Response {
        throw RequestFault(.unsupported, "/\(family) is not served here: this daemon answers for networks only, ask the host's own engine")
    }
}
