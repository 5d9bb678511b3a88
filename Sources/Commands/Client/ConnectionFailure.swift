import Glibc
import HTTPTransport
import NetworkModel

/// Why a daemon could not be asked, and what to do about it.
struct ConnectionFailure {
    let address: DaemonAddress
    let error: HTTPError

    var fault: CommandFault {
        switch error.code {
        case .notSent: CommandFault(.unavailable, "cannot connect to \(address): \(reason)")
        case .tls: CommandFault(.unavailable, "\(error.message)\(advice)")
        case .timedOut: CommandFault(.unavailable, "\(address) did not answer in time: whether it did what was asked is not known")
        default: CommandFault(.unavailable, "the answer of \(address) was lost: \(error.message)")
        }
    }

    /// What to do about TLS that fails.
    private var advice: String {
        error.message.hasSuffix("does not speak TLS") ? ": leave --tlsverify, SKEIN_TLS_VERIFY and DOCKER_TLS_VERIFY out" : ""
    }

    private var reason: String {
        guard case .unix(let path) = address else {
            return "\(error.message): is skein-controller listening there? -H or \(DaemonAddress.variable) names another"
        }
        guard access(path, F_OK) == 0 else {
            if errno == EACCES { return "permission denied: run it as root" }
            return "there is no such socket: is skein-worker running? -H or \(DaemonAddress.variable) names another"
        }
        guard access(path, W_OK) == 0 else { return "permission denied: run it as root, or join the group of the socket" }
        return "nobody listens there: is skein-worker running?"
    }
}
