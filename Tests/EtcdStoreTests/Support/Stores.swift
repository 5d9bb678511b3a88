public import ClusterStore
import EtcdProtocol
import HTTPTransport
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import EtcdStore

extension StoreKey: ExpressibleByStringLiteral {
    public init(stringLiteral path: String) { self.init(path: path) }
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension EtcdLimits {
    /// For machines that are busy with other tests.
    static let generous = EtcdLimits(connect: .seconds(30), answer: .seconds(30), list: .seconds(30))

    static func generous(trust: Duration) -> EtcdLimits {
        EtcdLimits(connect: .seconds(30), answer: .seconds(30), list: .seconds(30), trust: trust)
    }
}

extension EtcdStore {
    /// A store on ports of loopback.
    convenience init(
        ports: [UInt16], root: String = "skein", clock: any Clock<Duration> = ContinuousClock(), limits: EtcdLimits = .generous,
        tls: TLSFiles? = nil, credentials: Credentials? = nil, logger: Logger = .silent
    ) throws {
        self.init(
            EndpointRotation(ports.map { EtcdEndpoint(host: "127.0.0.1", port: $0, isSecure: tls != nil) }), root: root,
            http: try HTTPClient(tls: tls, logger: logger), credentials: credentials, clock: clock,
            randomness: SeededRandomness(seed: 7), limits: limits, logger: logger)
    }

    @discardableResult
    func put(_ path: String, _ value: String = "") async throws -> StoreRevision {
        let outcome = try await commit(StoreTransaction([], then: [.put(StoreKey(path: path), Array(value.utf8))]))
        guard case .committed(let revision) = outcome else { throw TestProblem("not committed: \(outcome)") }
        return revision
    }
}

extension EtcdServer {
    func compact(at revision: StoreRevision) async throws {
        let response = try await post(EtcdCall.compaction.path, EtcdCompactionRequest(revision: revision.rawValue, physical: true))
        guard response.status == 200 else { throw TestProblem("not compacted: \(String(decoding: response.body, as: UTF8.self))") }
    }

    func revision() async throws -> StoreRevision {
        let response = try await post(EtcdCall.range.path, EtcdRangeRequest(key: [0]))
        return StoreRevision(try EtcdJSON.decode(EtcdRangeResponse.self, from: response.body).header.revision)
    }

    /// What it says of itself.
    func status() async throws -> EtcdStatusResponse {
        try EtcdJSON.decode(EtcdStatusResponse.self, from: try await post(EtcdCall.status.path, [String: String]()).body)
    }

    func post(_ path: String, _ message: some Encodable, _ headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await HTTPClient(logger: .silent).send(
            HTTPRequest(
                method: "POST", url: "http://127.0.0.1:\(port)\(path)", headers: headers, body: try EtcdJSON.encode(message),
                timeout: .seconds(30)))
    }
}

/// The error that an operation ends with.
func failure(_ operation: () async throws -> Void) async throws -> StoreError {
    do {
        try await operation()
    } catch let error as StoreError {
        return error
    }
    throw TestProblem("it should have failed")
}
