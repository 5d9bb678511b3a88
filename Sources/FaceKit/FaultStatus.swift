public import Hummingbird
public import NetworkModel

extension FaultKind {
    /// The HTTP status of a kind, as Docker's API server chooses it (moby, api/server/httpstatus): what it does not classify is a 500,
    /// and that includes a supply that is used up.
    public var status: HTTPResponse.Status {
        switch self {
        case .invalid: .badRequest
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .unsupported: .notImplemented
        case .unavailable: .serviceUnavailable
        case .exhausted, .unknown: .internalServerError
        }
    }
}
