import ConsulStore
import HTTPTransport
import NetworkModel

/// What `--cluster-store-opt` says to a Consul.
public struct ConsulOptions: Hashable, Sendable {
    private let access: ConsulAccess
    /// The names of those that are given.
    let given: [String]

    init(_ values: StoreOptionValues) throws(InvalidValue) {
        let keys: [StoreOptionValues.Key] = [.consulToken, .consulTokenFile, .consulDatacenter, .consulNamespace]
        given = keys.filter { values[$0] != nil }.map(\.rawValue)
        guard values[.consulToken] == nil || values[.consulTokenFile] == nil else {
            throw InvalidValue("--cluster-store-opt consul.token and consul.token-file are both given: give one of them")
        }
        access = ConsulAccess(
            token: values[.consulToken].map { .text($0) } ?? values[.consulTokenFile].map { .file($0) },
            datacenter: values[.consulDatacenter], namespace: values[.consulNamespace])
    }

    /// With the token of the environment, if none is given, as Consul's own tools take it.
    func access(in environment: [String: String]) -> ConsulAccess {
        var access = access
        access.token = access.token ?? Self.token(in: environment)
        return access
    }

    private static func token(in environment: [String: String]) -> Secret? {
        if let token = environment["CONSUL_HTTP_TOKEN"], !token.isEmpty { return .text(token) }
        if let file = environment["CONSUL_HTTP_TOKEN_FILE"], !file.isEmpty { return .file(file) }
        return nil
    }
}
