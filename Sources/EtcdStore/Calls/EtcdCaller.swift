import ClusterStore
import EtcdProtocol
import HTTPTransport
import Logging
import Synchronization

/// Makes calls to one of several endpoints, and goes on to the next when one does not answer.
final class EtcdCaller: Sendable {
    private let access: EtcdAccess
    private let http: HTTPClient
    private let login: EtcdLogin?
    private let streams = OpenStreams()
    private let patience: Mutex<EtcdPatience>
    /// A member without a leader says so at once and ends its watches (etcd's `hasleader`), rather than being silent on what it cannot know
    /// and leaving it open whether a write will be carried out.
    private static let headers: HTTPHeaders = ["Content-Type": "application/json", "Grpc-Metadata-Hasleader": "true"]
    /// A member without its peers refuses at once, which shows no work.
    private static let success: Set<Int> = [200]
    private let servers: ServerGroup
    private let limits: EtcdLimits
    /// New tokens for one call: each change of a user or a role makes etcd forget all of them.
    private static let renewals = 3
    private let floor = Mutex(RevisionFloor())

    /// Where the store is, for messages.
    var location: String { access.location }

    init(
        _ rotation: EndpointRotation, access: EtcdAccess, http: HTTPClient, credentials: Credentials?, limits: EtcdLimits, logger: Logger
    ) {
        self.access = access
        self.http = http
        login = credentials.map(EtcdLogin.init)
        self.limits = limits
        patience = Mutex(EtcdPatience(usual: limits.answer, for: rotation.endpoints))
        servers = ServerGroup(rotation, location: access.location, logger: logger) { [streams] in streams.end(on: $0) }
    }

    /// Makes a call, on another endpoint if one does not answer and that can do no harm.
    ///
    /// - Parameter flaw: what makes an answer none to this call, or nil.
    func call<Answer: EtcdAnswer>(
        _ call: EtcdCall, _ message: some Encodable, answer: Answer.Type, _ repetition: Repetition, isList: Bool = false,
        flaw: @Sendable (Answer) -> String? = { _ in nil }
    ) async throws(StoreError) -> Answer {
        let body = try encoded(message)
        return try await onOneEndpoint(repetition) { endpoint, token throws(EtcdFailure) in
            let request = request(call, body, to: endpoint, token)
            let mark = floor.withLock { $0.mark }
            let answer = try Self.decode(answer, from: try await send(request, to: endpoint, isList: isList), of: endpoint)
            try check(answer, since: mark, flaw(answer), of: endpoint)
            return answer
        }
    }

    /// What is JSON need not be etcd's answer, nor of now.
    private func check<Answer: EtcdAnswer>(
        _ answer: Answer, since mark: RevisionFloor.Mark, _ flaw: String?, of endpoint: EtcdEndpoint
    ) throws(EtcdFailure) {
        guard let head = answer.head else { return }
        guard head.revision > 0 else { throw .unreadable("\(endpoint) answered without a revision, not as etcd's v3 gateway does") }
        if let flaw { throw .unreadable("\(endpoint) answered with \(flaw)") }
        guard Answer.isOfKeys else { return }
        guard floor.withLock({ $0.believes(head, isNew: answer.tellsOfWrite, since: mark) }) else {
            throw .unreadable(
                mark.knows(head)
                    ? "\(endpoint) answered as of revision \(head.revision), and \(mark.newest) was seen before"
                    : "\(endpoint) answered for another cluster than was seen before")
        }
    }

    /// Opens a stream of answers.
    func open(_ call: EtcdCall, _ message: some Encodable, lasting timeout: Duration) async throws(StoreError) -> EtcdFrames {
        let body = try encoded(message)
        return try await onOneEndpoint(.harmless) { endpoint, token throws(EtcdFailure) in
            var request = request(call, body, to: endpoint, token)
            (request.timeout, request.headTimeout) = (timeout, limits.answer)
            let (stream, refusal) = try await opened(request)
            if let refusal { throw EtcdFailure(refusal, from: endpoint) }
            streams.add(stream, on: endpoint)
            return EtcdFrames(stream, endpoint: endpoint, token: token)
        }
    }

    /// Asks one endpoint after the other, each with a token.
    private func onOneEndpoint<Answer: Sendable>(
        _ repetition: Repetition, _ ask: (EtcdEndpoint, _ token: String?) async throws(EtcdFailure) -> Answer
    ) async throws(StoreError) -> Answer {
        do throws(StoreError) {
            return try await servers.onOneEndpoint(repetition) { endpoint throws(EtcdFailure) in
                try await withToken(on: endpoint) { token throws(EtcdFailure) in try await ask(endpoint, token) }
            }
        } catch {
            throw access.explained(error)
        }
    }

    /// Asks with the token that there is, and with another when it is not accepted: a call that is refused for its token has done nothing.
    private func withToken<Answer: Sendable>(
        on endpoint: EtcdEndpoint, _ ask: (_ token: String?) async throws(EtcdFailure) -> Answer
    ) async throws(EtcdFailure) -> Answer {
        guard let login else { return try await ask(nil) }
        var renewals = 0
        while true {
            let token = try await login.token { () throws(EtcdFailure) in try await authenticate(login.credentials, at: endpoint) }
            do {
                return try await ask(token)
            } catch {
                guard case .tokenRefused = error, renewals < Self.renewals else { throw error }
                renewals += 1
                login.forget(token)
            }
        }
    }

    /// A new token, or nil if the store asks nobody who he is.
    private func authenticate(_ credentials: Credentials, at endpoint: EtcdEndpoint) async throws(EtcdFailure) -> String? {
        let message = EtcdAuthenticateRequest(name: credentials.user, password: try EtcdAccess.password(credentials))
        let request = request(.authenticate, try Self.body(of: message), to: endpoint, nil)
        do {
            let bytes = try await send(request, to: endpoint)
            return try Self.decode(EtcdAuthenticateResponse.self, from: bytes, of: endpoint).token
        } catch {
            switch error {
            // Users can be given to a store that has none yet.
            case .refused(let refusal) where refusal.message.contains(EtcdErrorBody.authNotEnabled.message): return nil
            // The call that the token is for has not been sent.
            case .unanswered(let cause, _, let isLate): throw .unanswered(cause: cause, mayBeDone: false, isLate: isLate)
            case .unreadable(let cause): throw .unanswered(cause: cause, mayBeDone: false)
            default: throw error
            }
        }
    }

    /// Why a watch was ended, as its consumer is told; forgets the token it was asked for with if that is the reason.
    func explanation(of reason: String, ending frames: EtcdFrames?) -> (error: StoreError, isAboutToken: Bool) {
        let body = EtcdErrorBody(.unknown, reason)
        let isDenied = body.isAboutToken || reason.contains(EtcdErrorBody.permissionDenied.message)
        if body.isAboutToken { login?.forget(frames?.token) }
        let error =
            isDenied
            ? access.explained(StoreError(.denied, "\(frames?.endpoint.description ?? location): \(reason)"))
            : StoreError(.unavailable, "the store \(location) ended a watch: \(reason)")
        return (error, body.isAboutToken && login != nil)
    }

    /// Goes on to another endpoint, if the one that failed is still preferred, with everything that listens to it.
    func failed(_ endpoint: EtcdEndpoint, _ cause: String) {
        servers.failed(endpoint, cause)
    }

    /// An answer that is not believed at first sight: the next is asked of another endpoint.
    func doubted(_ doubt: SecondLook.Doubt) {
        servers.doubted(doubt)
    }

    /// A stream, and the whole answer if it is one of failure.
    private func opened(_ request: HTTPRequest) async throws(EtcdFailure) -> (HTTPStream, HTTPResponse?) {
        do throws(HTTPError) {
            let stream = try await http.stream(request)
            guard stream.status != 200 else { return (stream, nil) }
            return (stream, HTTPResponse(status: stream.status, body: try await stream.collect()))
        } catch {
            throw EtcdFailure(error)
        }
    }

    /// Gives a call the time that it has now, and anew whenever the endpoint answers one that was made before it, or little later. Its bound
    /// looks first whether there is an answer, which a thread that had to wait for a processor has not read yet.
    private func send(_ request: HTTPRequest, to endpoint: EtcdEndpoint, isList: Bool = false) async throws(EtcdFailure) -> [UInt8] {
        let (wait, end) = (patience.withLock { $0.next(endpoint) }, isList ? limits.list : limits.answer)
        var request = request
        (request.headTimeout, request.turnTimeout, request.bodyTimeout) = (wait, limits.turn, end)
        request.turnStatuses = Self.success
        let begin = ContinuousClock.now
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            if error.code == .timedOut { patience.withLock { $0.passed(after: wait) } }
            throw EtcdFailure(error)
        }
        // It was silent for no longer than it might be, however long it had others to answer.
        let silence = min(ContinuousClock.now - begin, wait)
        let isDone = Self.success.contains(response.status)
        patience.withLock { patience in
            patience.answered(after: silence)
            if isDone { patience.worked(endpoint) }
        }
        guard isDone else { throw EtcdFailure(response, from: endpoint) }
        return response.body
    }

    /// A request that may take any time yet.
    private func request(_ call: EtcdCall, _ body: [UInt8], to endpoint: EtcdEndpoint, _ token: String?) -> HTTPRequest {
        var headers = Self.headers
        if let token { headers.append("Authorization", token) }
        return HTTPRequest(
            method: "POST", url: endpoint.url(path: call.path), headers: headers, body: body,
            connectTimeout: limits.connectTimeout(endpoints: servers.count))
    }

    private func encoded(_ message: some Encodable) throws(StoreError) -> [UInt8] {
        do throws(EtcdFailure) {
            return try Self.body(of: message)
        } catch {
            throw error.storeError(at: location)
        }
    }

    private static func body(of message: some Encodable) throws(EtcdFailure) -> [UInt8] {
        do {
            return try EtcdJSON.encode(message)
        } catch {
            throw .refused(StoreError(.rejected, error.message))
        }
    }

    private static func decode<Answer: Decodable>(
        _ answer: Answer.Type, from bytes: [UInt8], of endpoint: EtcdEndpoint
    ) throws(EtcdFailure) -> Answer {
        do {
            return try EtcdJSON.decode(answer, from: bytes)
        } catch {
            throw .unreadable("\(endpoint): \(error.message)")
        }
    }
}
