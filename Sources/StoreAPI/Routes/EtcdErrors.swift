import ClusterStore
import EtcdProtocol
import Hummingbird
import Logging

/// Turns whatever a handler throws, and a path that no route has, into etcd's form of an error.
struct EtcdErrors<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let body = EtcdErrorBody(error)
            let status = (error as? HTTPError)?.status ?? HTTPResponse.Status(code: body.code.httpStatus)
            if status.code >= 500 {
                context.logger.warning("store request failed", metadata: ["path": "\(request.uri.path)", "cause": "\(body.message)"])
            }
            return try Response.etcd(body, status: status)
        }
    }
}

extension EtcdErrorBody {
    init(_ error: any Error) {
        switch error {
        case let body as EtcdErrorBody: self = body
        case let error as StoreError: self.init(error)
        case let error as EtcdFormatError: self.init(.invalidArgument, error.message)
        case let error as HTTPError where error.status == .notFound: self.init(.notFound, "Not Found")
        case let error as HTTPError: self.init(.invalidArgument, error.body ?? error.status.reasonPhrase)
        case is CancellationError: self.init(.unavailable, "the store is stopping")
        default: self.init(.unknown, "\(error)")
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .leaseNotFound: self = .leaseNotFound
        case .outOfSpace: self = .noSpace
        case .rejected: self.init(.invalidArgument, error.message)
        case .denied: self.init(.permissionDenied, error.message)
        case .unavailable, .outcomeUnknown, .malformedAnswer: self.init(.unavailable, error.message)
        }
    }
}
