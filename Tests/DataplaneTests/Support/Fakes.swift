import Dataplane
import KernelNetwork
import NetworkModel
import Synchronization

/// Files in memory, which can be made to fail.
final class FakeSandboxFiles: SandboxFiles {
    private struct State {
        var folders: [String: [String: String]] = [:]
        var writes = 0
        var failures = 0
    }

    private let state = Mutex(State())

    var folders: [String: [String: String]] { state.withLock { $0.folders } }
    var writes: Int { state.withLock { $0.writes } }

    func fail(_ count: Int) { state.withLock { $0.failures = count } }
    func put(_ files: [String: String], in namespace: String) { state.withLock { $0.folders[namespace] = files } }

    func namespaces() throws(DataplaneError) -> Set<String> { Set(try call { $0.folders.keys.map(\.self) }) }
    func files(of namespace: String) throws(DataplaneError) -> [String: String] { try call { $0.folders[namespace] ?? [:] } }

    func write(_ files: [String: String], for namespace: String) throws(DataplaneError) {
        try call { state in
            state.folders[namespace, default: [:]].merge(files) { $1 }
            state.writes += 1
        }
    }

    func remove(_ namespace: String) throws(DataplaneError) {
        try call { $0.folders[namespace] = nil }
    }

    private func call<Value: Sendable>(_ body: (inout State) -> Value) throws(DataplaneError) -> Value {
        let value: Value? = state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                return nil
            }
            return body(&state)
        }
        guard let value else { throw DataplaneError(.unavailable, "no space left on device") }
        return value
    }
}

/// Remembers which networks are ready, and can be made to fail.
final class RecordingSites: NetworkSites {
    private struct State {
        var ready: [NetworkID: [IPAddress]] = [:]
        var host: IPAddress?
        var failures = 0
        var hostFailures = 0
    }

    private let state = Mutex(State())

    var host: IPAddress? { state.withLock { $0.host } }
    func failHost(_ count: Int) { state.withLock { $0.hostFailures = count } }

    var ready: [NetworkID: [IPAddress]] { state.withLock { $0.ready } }
    func fail(_ count: Int) { state.withLock { $0.failures = count } }

    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, at addresses: [IPAddress]) async throws {
        try state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw DataplaneError(.unavailable, "port 53 is taken")
            }
            state.ready[network] = addresses
        }
    }

    func hostIsReady(at address: IPAddress) async throws {
        try state.withLock { state in
            guard state.hostFailures == 0 else {
                state.hostFailures -= 1
                throw DataplaneError(.unavailable, "port 53 is taken")
            }
            state.host = address
        }
    }

    func networkGoes(_ network: NetworkID) async {
        state.withLock { $0.ready[network] = nil }
    }
}
