import FaceKit
public import Hummingbird

/// The Docker Engine API, as far as it concerns networks.
public struct EngineRoutes: Sendable {
    let backend: any EngineBackend

    public init(backend: any EngineBackend) {
        self.backend = backend
    }

    /// Adds every route, with and without the prefix `/v1.N`. The router needs `FaultResponses` before, for paths that are no route.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        for prefix in ["", "v{version}"] as [RouterPath] {
            let group = router.group(prefix).add(middleware: EngineHeaders()).add(middleware: FaultResponses()).add(
                middleware: VersionCheck())
            addSystem(to: group)
            addNetworks(to: group)
            addEvents(to: group)
            addOthers(to: group)
        }
    }
}
