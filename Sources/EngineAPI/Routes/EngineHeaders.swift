import FaceKit
import Hummingbird

/// Adds the headers that Docker's engine sends with every answer, also with one that refuses.
struct EngineHeaders<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.headers { response.headers[name] = value }
        return response
    }

    private static var headers: [(HTTPFields.Element.Name, String)] {
        [
            ("Api-Version", APIVersion.newest.description), ("Docker-Experimental", "false"), ("Ostype", "linux"),
        ].compactMap { name, value in HTTPFields.Element.Name(name).map { ($0, value) } }
    }
}

/// Checks the version in the path, where there is one.
struct VersionCheck<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        if let text = context.parameters.get("version") {
            guard let version = APIVersion(text) else { throw HTTPError(.notFound) }
            try version.check()
        }
        return try await next(request, context)
    }
}
