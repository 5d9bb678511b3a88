public import EngineAPI
import FaceKit
public import Hummingbird
public import WorkerAPI

/// What both daemons serve: the Docker Engine API, and the part of Skein's own that is about the cluster.
public enum DaemonRouter {
    public static func make(_ backend: some EngineBackend & ClusterBackend) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: FaultResponses())
        EngineRoutes(backend: backend).add(to: router)
        ClusterRoutes(backend: backend).add(to: router)
        return router
    }
}
