public import Hummingbird
import Logging
import NetworkModel

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
            let (status, message) = Self.answer(to: error)
            if status.code >= 500 {
                context.logger.warning(
                    "request failed", metadata: ["request": "\(request.method) \(request.uri.path)", "cause": "\(message)"])
            }
            let response = try Response.json(ErrorBody(message: message), status: status)
            // An answer to HEAD has no body (RFC 9110 section 9.3.2): the next answer on the connection would begin behind it.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private static func answer(to error: any Error) -> (HTTPResponse.Status, String) {
        switch error {
        case let fault as any Fault: (fault.kind.status, fault.message)
        // Docker's words for a path that no route has.
        case let error as HTTPError where error.status == .notFound: (.notFound, "page not found")
        case let error as HTTPError: (error.status, error.body ?? error.status.reasonPhrase.lowercased())
        case is CancellationError: (.serviceUnavailable, "the daemon is stopping")
        default: (.internalServerError, "\(error)")
        }
    }
}
