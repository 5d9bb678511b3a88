public import Hummingbird
import NetworkModel

/// What a face answers to whatever a handler throws, and to a path that no route has.
public struct Failure: Sendable {
    public let status: HTTPResponse.Status
    public let message: String

    public init(_ error: any Error) {
        (status, message) =
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
