import DaemonKit
import NetworkModel

/// Which container engine a worker serves.
struct EngineOptions: Equatable {
    /// The unix socket of its API.
    let socket: String
    /// Where it looks for the driver.
    let pluginPath: String

    var plugin: ListenAddress { .unix(path: pluginPath) }

    private static let scheme = "unix://"

    /// - Returns: nil for `--engine none`.
    init?(_ command: WorkerCommand) throws(InvalidValue) {
        guard command.engine != "none" else { return nil }
        guard command.engine.hasPrefix(Self.scheme + "/") else {
            throw InvalidValue(
                "invalid --engine \"\(command.engine)\": it must be the socket of this host's engine, like unix:///var/run/docker.sock, or none"
            )
        }
        socket = String(command.engine.dropFirst(Self.scheme.count))
        let path = command.pluginSocket.hasPrefix(Self.scheme) ? command.pluginSocket : Self.scheme + command.pluginSocket
        guard path.hasSuffix(".sock"), case .unix(let pluginPath) = try? ListenAddress(path) else {
            throw InvalidValue(
                "invalid --plugin-socket \"\(command.pluginSocket)\": it must be an absolute path like /run/docker/plugins/skein.sock")
        }
        guard command.socket != pluginPath, command.socket != path else {
            throw InvalidValue("--plugin-socket and --socket are both \(pluginPath): give each its own")
        }
        self.pluginPath = pluginPath
    }
}
