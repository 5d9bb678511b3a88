import ClusterStore
import EtcdProtocol
import HTTPTransport

typealias EtcdFailure = CallFailure

extension CallFailure {
    init(_ error: HTTPError) {
        switch error.code {
        case .invalidRequest: self = .refused(StoreError(.rejected, error.message))
        default: self = .unanswered(cause: error.message, mayBeDone: error.mayHaveBeenSent, isLate: error.code == .timedOut)
        }
    }

    /// An answer whose status is not 200.
    init(_ response: HTTPResponse, from endpoint: EtcdEndpoint) {
        guard let body = Self.errorBody(response.body) else {
            let cause = "\(endpoint) answered with HTTP status \(response.status), not as etcd's v3 gateway does"
            // What stands before etcd says so when etcd is away.
            self = response.status >= 500 ? .unanswered(cause: cause, mayBeDone: true) : .refused(StoreError(.malformedAnswer, cause))
            return
        }
        self.init(body, from: endpoint)
    }

    init(_ body: EtcdErrorBody, from endpoint: EtcdEndpoint) {
        let message = "\(endpoint): \(body.message)"
        switch body.code {
        case .unavailable: self = .unanswered(cause: message, mayBeDone: body.message != EtcdErrorBody.noLeader.message)
        case .resourceExhausted where body.message == EtcdErrorBody.noSpace.message:
            self = .refused(StoreError(.outOfSpace, "\(message); compact and defragment it, then disarm its alarm"))
        // More wait than etcd takes on: this one was not begun.
        case .resourceExhausted where body.message == EtcdErrorBody.tooManyRequests.message:
            self = .unanswered(cause: message, mayBeDone: false)
        case .notFound where body.message == EtcdErrorBody.leaseNotFound.message: self = .refused(StoreError(.leaseNotFound, message))
        case .permissionDenied, .unauthenticated: self = .refused(StoreError(.denied, message))
        // A message that is too large for gRPC is a resource exhausted.
        case .resourceExhausted, .invalidArgument, .outOfRange, .notFound, .alreadyExists, .failedPrecondition, .unimplemented:
            self = .refused(StoreError(.rejected, message))
        default: self = .unanswered(cause: message, mayBeDone: true)
        }
    }

    /// A stream that ends before its first frame has its error in a frame.
    private static func errorBody(_ bytes: [UInt8]) -> EtcdErrorBody? {
        if let body = try? EtcdJSON.decode(EtcdErrorBody.self, from: bytes) { return body }
        guard case .error(let body)? = try? EtcdJSON.decode(EtcdStreamFrame<EtcdHeaderResponse>.self, from: bytes) else { return nil }
        return body
    }
}
