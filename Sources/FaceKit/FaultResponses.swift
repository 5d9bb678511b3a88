public import Hummingbird
import Logging

/// Docker's form of every error: `{"message": "…"}`.
struct ErrorBody: Encodable {
    let message: String
}

/// Turns whatever a handler throws, and a path that no route has, into a status and ``ErrorBody``.
public struct FaultResponses<Context: RequestContext>: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let failure = Failure(error)
            if failure.status.code >= 500 {
                context.logger.warning(
                    "request failed", metadata: ["request": "\(request.method) \(request.uri.path)", "cause": "\(failure.message)"])
            }
            let response = try Response.json(ErrorBody(message: failure.message), status: failure.status)
            // An answer to HEAD has no body (RFC 9110 section 9.3.2): the next answer on the connection would begin behind it.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
