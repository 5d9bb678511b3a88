import ClusterStore
import ConsulStandIn
import FoundationEssentials
import HTTPTransport
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import ConsulStore

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension ConsulLimits {
    /// For machines that are busy with other tests.
    static let generous = ConsulLimits(connect: .seconds(30), answer: .seconds(30), list: .seconds(30))
}

extension ConsulStore {
    /// A store on ports of loopback.
    convenience init(
        ports: [UInt16], root: String = "skein", access: ConsulAccess = ConsulAccess(), clock: any Clock<Duration> = ContinuousClock(),
        limits: ConsulLimits = .generous, logger: Logger = .silent
    ) throws {
        self.init(
            endpoints: ports.map { ServerEndpoint(host: "127.0.0.1", port: $0) }, root: root, access: access,
            http: try HTTPClient(logger: .silent), clock: clock, randomness: SystemRandomness(), limits: limits, logger: logger)
    }

    @discardableResult
    func put(_ path: String, _ value: String = "", lease: LeaseID? = nil) async throws -> StoreRevision {
        let outcome = try await commit(StoreTransaction([], then: [.put(StoreKey(path: path), Array(value.utf8), lease: lease)]))
        guard case .committed(let revision) = outcome else { throw TestProblem("not committed: \(outcome)") }
        return revision
    }

    func text(_ path: String) async throws -> String? {
        try await get(StoreKey(path: path)).map { String(decoding: $0.value, as: UTF8.self) }
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

extension StoreKey {
    static let everything = StoreKey(path: "")
}
