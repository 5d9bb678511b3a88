import FaceKit
public import Hummingbird

/// The ports that a worker's host publishes.
public struct PublishedPortRoutes: Sendable {
    let backend: any PublishedPortBackend

    public init(backend: any PublishedPortBackend) {
        self.backend = backend
    }

    /// Adds the route below `/skein/v1`. The router needs `FaultResponses` before.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        router.group(APIPath.root).get("ports") { _, _ in
            try Response.json(await backend.publishedPorts().map { PublishedPortResource($0) })
        }
    }
}
