import FaceKit
public import Hummingbird

/// What a worker finds when it looks at its host.
public struct DoctorRoutes: Sendable {
    let backend: any DoctorBackend

    public init(backend: any DoctorBackend) {
        self.backend = backend
    }

    /// Adds the route below `/skein/v1`. The router needs `FaultResponses` before.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        router.group(APIPath.root).get("doctor") { _, _ in
            try Response.json(await backend.examine().map { DoctorCheckResource($0) })
        }
    }
}
