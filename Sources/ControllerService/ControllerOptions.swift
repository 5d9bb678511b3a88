import DaemonKit
import Logging
import NetworkModel
import SecureServing

/// What the command line asks for, found sound.
struct ControllerOptions {
    let store: StoreChoice
    let listeners: [ListenAddress]
    /// Where an embedded store is served.
    let storeListener: ListenAddress
    /// nil when nothing listens on TCP.
    let tcp: TCPSecurity?
    /// Who may use the unix sockets.
    let group: SocketGroup?
    let grace: Duration
    let logLevel: Logger.Level

    /// What clients and the store are shown.
    var certificates: [OwnCertificate] {
        let served: OwnCertificate? = if case .certificates(let files) = tcp { OwnCertificate(path: files.certificate) } else { nil }
        return [served, store.options.certificate].compactMap(\.self)
    }

    /// A week: longer and a dead node is for ever.
    private static let longestGrace = 7 * 86_400

    init(_ command: ControllerCommand) throws(InvalidValue) {
        store = try StoreChoice(command.cluster)
        logLevel = try Logger.Level(flag: command.cluster.logLevel)
        let hosts = command.hosts.isEmpty ? ["unix:///run/skein/controller.sock"] : command.hosts
        listeners = try hosts.map { text throws(InvalidValue) in try ListenAddress(text) }
        storeListener = try Self.storeListener(command.storeListen, of: store)
        group = try SocketGroup.chosen(command.cluster.group)
        let served = if case .embedded = store.place { listeners + [storeListener] } else { listeners }
        tcp = try TCPSecurity(command.tls, for: served.filter(\.isTCP))
        guard (0...Self.longestGrace).contains(command.nodeGrace) else {
            throw InvalidValue("invalid --node-grace \(command.nodeGrace): it must be 0 to \(Self.longestGrace) seconds")
        }
        grace = .seconds(command.nodeGrace)
    }

    private static func storeListener(_ text: String?, of store: StoreChoice) throws(InvalidValue) -> ListenAddress {
        if text != nil, store.servers != nil {
            throw InvalidValue("--store-listen serves an embedded store, and --cluster-store names one that is elsewhere: leave it out")
        }
        let text = text ?? "0.0.0.0:2379"
        guard let (host, port) = HostPort.split(text), !host.isEmpty else {
            throw InvalidValue("invalid --store-listen \"\(text)\": it must be like 0.0.0.0:2379")
        }
        return .tcp(host: host, port: port)
    }
}
