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
        guard !Self.wantsTLS(response) else {
            let cause = "\(endpoint) speaks TLS, and was not spoken to in it: give kv.cacertfile, kv.certfile and kv.keyfile"
            self = .unanswered(cause: cause, mayBeDone: false)
            return
        }
        guard let body = Self.errorBody(response.body) else {
            if let refusal = Self.refusedName(response, from: endpoint) {
                self = refusal
                return
            }
            let cause = "\(endpoint) answered with HTTP status \(response.status), not as etcd's v3 gateway does"
            // What stands before etcd says so when etcd is away.
            self = response.status >= 500 ? .unanswered(cause: cause, mayBeDone: true) : .refused(StoreError(.malformedAnswer, cause))
            return
        }
        self.init(body, from: endpoint)
    }

    /// An etcd with users answers so, in plain text, to whoever shows its gateway a certificate with a name in it: a user must not believe that
    /// the name counts.
    private static func refusedName(_ response: HTTPResponse, from endpoint: EtcdEndpoint) -> EtcdFailure? {
        guard String(decoding: response.body.prefix(200), as: UTF8.self).contains("CommonName of client") else { return nil }
        let cause =
            "etcd takes no certificate with a CommonName from a client that signs in: issue kv.certfile with skein tls issue --no-common-name"
        return .refused(StoreError(.denied, "\(endpoint): \(cause)"))
    }

    init(_ body: EtcdErrorBody, from endpoint: EtcdEndpoint) {
        let message = "\(endpoint): \(body.message)"
        if let known = Self.known(body.message, message) {
            self = known
            return
        }
        switch body.code {
        case _ where body.isAboutToken: self = .tokenRefused(StoreError(.denied, message))
        case .permissionDenied: self = .refused(StoreError(.denied, message))
        // A message that is too large for gRPC is a resource exhausted.
        case .resourceExhausted, .invalidArgument, .outOfRange, .notFound, .alreadyExists, .failedPrecondition, .unimplemented:
            self = .refused(StoreError(.rejected, message))
        default: self = .unanswered(cause: message, mayBeDone: true)
        }
    }

    /// What etcd says in sentences of its own, whatever their code.
    private static func known(_ sentence: String, _ message: String) -> EtcdFailure? {
        switch sentence {
        // Nobody decides at present, or more wait than etcd takes on: this one was not begun.
        case EtcdErrorBody.noLeader.message, EtcdErrorBody.tooManyRequests.message, EtcdErrorBody.proposalDropped.message:
            .unanswered(cause: message, mayBeDone: false)
        case EtcdErrorBody.noSpace.message:
            .refused(
                StoreError(
                    .outOfSpace,
                    "\(message): it takes deletions only; compact and defragment every member, then disarm the alarm (etcdctl compact REVISION,"
                        + " etcdctl defrag --cluster, etcdctl alarm disarm)"))
        case EtcdErrorBody.leaseNotFound.message: .refused(StoreError(.leaseNotFound, message))
        case EtcdErrorBody.requestTooLarge.message:
            .refused(StoreError(.rejected, "\(message): etcd takes 1.5 MiB at once, or what its --max-request-bytes says"))
        case EtcdErrorBody.tooManyOperations.message:
            .refused(StoreError(.rejected, "\(message): etcd takes 128 operations at once, or what its --max-txn-ops says"))
        case EtcdErrorBody.wrongPassword.message: .refused(StoreError(.denied, message))
        default: nil
        }
    }

    /// What Go's servers, and ours, say in plain HTTP to who speaks it where they speak TLS.
    private static func wantsTLS(_ response: HTTPResponse) -> Bool {
        response.status == 400 && String(decoding: response.body, as: UTF8.self).contains("HTTP request to an HTTPS server")
    }

    /// A stream that ends before its first frame has its error in a frame.
    private static func errorBody(_ bytes: [UInt8]) -> EtcdErrorBody? {
        if let body = try? EtcdJSON.decode(EtcdErrorBody.self, from: bytes) { return body }
        guard case .error(let body)? = try? EtcdJSON.decode(EtcdStreamFrame<EtcdHeaderResponse>.self, from: bytes) else { return nil }
        return body
    }
}
