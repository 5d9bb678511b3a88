import ClusterStore
import EtcdProtocol
import HTTPTransport
import NetworkModel

/// Who we are to the store and what we need there, for the sentences that say why it refuses us.
struct EtcdAccess: Sendable {
    /// Where the store is.
    let location: String
    let user: String?
    /// Of all keys; empty or with a slash at its end.
    let prefix: String

    /// A refusal with what to do about it.
    func explained(_ error: StoreError) -> StoreError {
        guard error.code == .denied else { return error }
        return StoreError(.denied, "the store \(location) refuses \(remedy(error.message))")
    }

    private func remedy(_ cause: String) -> String {
        guard let user else {
            return "a caller without a name: \(cause); give --cluster-store-opt kv.username=NAME and kv.passwordfile=FILE"
        }
        if cause.contains(EtcdErrorBody.wrongPassword.message) {
            return "the password of user \"\(user)\": \(cause); correct kv.username or what kv.passwordfile holds"
        }
        guard cause.contains(EtcdErrorBody.permissionDenied.message) else { return "user \"\(user)\": \(cause)" }
        let grant = prefix.isEmpty ? "--from-key=true readwrite ''" : "--prefix=true readwrite \(prefix)"
        return "user \"\(user)\" what is below \"\(prefix)\": \(cause); give a role of his the right to it:"
            + " etcdctl role grant-permission ROLE \(grant)"
    }

    /// The credentials' password.
    static func password(_ credentials: Credentials) throws(EtcdFailure) -> String {
        do throws(InvalidValue) {
            return try credentials.password.read()
        } catch {
            throw .refused(StoreError(.denied, "no password of user \"\(credentials.user)\": \(error.message)"))
        }
    }
}
