import FaceKit
public import Hummingbird

/// Making and removing sandboxes on a worker's host. Looking at them is in ``ClusterRoutes``.
public struct SandboxRoutes: Sendable {
    let backend: any SandboxBackend

    public init(backend: any SandboxBackend) {
        self.backend = backend
    }

    /// Adds the routes below `/skein/v1`. The router needs `FaultResponses` before.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        let group = router.group(APIPath.root)
        group.post("sandboxes") { request, _ in
            let creation = try await request.json(SandboxCreateBody.self).creation()
            return try Response.json(SandboxResource(try await backend.createSandbox(creation)), status: .created)
        }
        group.delete("sandboxes/{term}") { request, context in
            try await backend.removeSandbox(matching: try context.term("sandbox"), force: try request.queryFlag("force"))
            return Response(status: .noContent)
        }
    }
}
