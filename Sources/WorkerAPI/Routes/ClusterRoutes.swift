import FaceKit
public import Hummingbird

/// The part of Skein's own API that both daemons serve: health, nodes, and the sandboxes to look at.
public struct ClusterRoutes: Sendable {
    let backend: any ClusterBackend

    public init(backend: any ClusterBackend) {
        self.backend = backend
    }

    /// Adds the routes below `/skein/v1`. The router needs `FaultResponses` before.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        let group = router.group(APIPath.root)
        addStatus(to: group)
        addNodes(to: group)
        group.get("sandboxes") { _, _ in
            try Response.json(try await backend.sandboxes().map { SandboxResource($0) })
        }
        group.get("sandboxes/{term}") { _, context in
            try Response.json(SandboxResource(try await backend.sandbox(matching: try context.term("sandbox"))))
        }
    }

    private func addStatus(to group: RouterGroup<some RequestContext>) {
        group.get("status") { _, _ in try Response.json(StatusResource(await backend.status())) }
        // For health checks, which look at the status alone.
        group.get("health") { _, _ in
            let status = await backend.status()
            return try Response.json(StatusResource(status), status: status.isHealthy ? .ok : .serviceUnavailable)
        }
    }

    private func addNodes(to group: RouterGroup<some RequestContext>) {
        group.get("nodes") { _, _ in try Response.json(try await backend.nodes().map { NodeResource($0) }) }
        group.get("nodes/{term}") { _, context in
            try Response.json(NodeResource(try await backend.node(matching: try context.term("node"))))
        }
        group.delete("nodes/{term}") { _, context in
            try await backend.removeNode(matching: try context.term("node"))
            return Response(status: .noContent)
        }
    }
}
