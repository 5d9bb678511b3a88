import DaemonKit
import Glibc
import Logging
import NetworkModel

/// What this host's container engine has told once and will not tell again, or only by its API: in the state directory, written through
/// with each change, so that it outlives a `kill -9`.
///
/// - Which of the cluster's networks each of the engine's networks is: the calls of the engine name its own ids only, also while its API
///   does not answer yet.
/// - The ports of the host that endpoints have: an engine that goes on while the worker restarts does not publish them again.
/// - Which containers are started again by themselves, and whose addresses were chosen: an engine that starts asks for addresses before it tells.
actor EngineJournal {
    private let path: String
    private let clock: any Clock<Duration>
    private var content: JournalContent
    private var arrivals: [EngineNetworkID: Latch] = [:]
    /// Networks that the worker itself is removing from its engine: the engine's call for that removes nothing of the cluster's.
    private(set) var removing: Set<EngineNetworkID> = []
    /// Networks that the engine has said it deletes. It may list them for a moment still: they are never to be taken for new ones.
    private(set) var gone: Set<EngineNetworkID> = []

    /// - Throws: ``DaemonKit/DaemonError`` when the file cannot be read, or a newer worker wrote it. One that is damaged is set aside: the
    ///   engine's list of networks and the next start of a container bring all of it again.
    init(
        path: String, clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "skein-worker") { _ in SwiftLogNoOpLogHandler() }
    ) throws(DaemonError) {
        self.path = path
        self.clock = clock
        guard let text = try DurableFile(path: path).read() else {
            content = JournalContent()
            return
        }
        if let format = JournalContent.format(of: text), format > JournalContent.currentFormat {
            throw DaemonError(
                .unsupported,
                "\(path) was written by a newer skein-worker (format \(format), and this one knows \(JournalContent.currentFormat)): "
                    + "upgrade this one, or remove the file to have networks read from the engine again")
        }
        do {
            content = try JournalContent(text: text)
        } catch {
            content = JournalContent()
            try Self.setAside(path, because: error, logger)
        }
    }

    private static func setAside(_ path: String, because cause: any Error, _ logger: Logger) throws(DaemonError) {
        let aside = path + ".damaged"
        guard rename(path, aside) == 0 else {
            throw DaemonError(
                .forbidden, "\(path) is damaged and cannot be set aside: \(String(cString: strerror(errno))); remove it")
        }
        logger.error(
            """
            the journal of the container engine is damaged and was set aside; networks are read from the engine again, but ports that \
            containers have published are taken back until those are started again
            """, metadata: ["file": "\(aside)", "cause": "\(cause)"])
    }

    /// Writes what has changed before it counts.
    private func change(_ change: (inout JournalContent) -> Void) throws(DaemonError) {
        var changed = content
        change(&changed)
        guard changed != content else { return }
        let text: String
        do {
            text = try changed.text()
        } catch {
            throw DaemonError(.invalid, "cannot write \(path): \(error)")
        }
        try DurableFile(path: path).write(text)
        content = changed
    }

    // MARK: Networks

    /// Which of the cluster's networks each of the engine's is.
    var networks: [EngineNetworkID: NetworkID] { content.networks }

    func network(of network: EngineNetworkID) -> NetworkID? { content.networks[network] }

    /// - Parameter network: nil to forget it.
    /// - Throws: ``DaemonKit/DaemonError`` when it cannot be written; then nothing has changed.
    func setNetwork(_ network: NetworkID?, of engineNetwork: EngineNetworkID) throws(DaemonError) {
        try change { $0.networks[engineNetwork] = network }
        guard network != nil, var arrival = arrivals.removeValue(forKey: engineNetwork) else { return }
        arrival.open()
    }

    /// Waits for a network that the engine has and that is not known to be one of the cluster's yet.
    /// - Returns: nil when the bound passed first, or the task was cancelled.
    func waitForNetwork(_ network: EngineNetworkID, atMost bound: Duration) async -> NetworkID? {
        if let known = content.networks[network] { return known }
        let arrival = arrivals[network, default: Latch()].opening()
        _ = try? await withDeadline(bound, on: clock) {
            for await _ in arrival {}
            return true
        }
        return content.networks[network]
    }

    /// The engine deletes a network.
    func noteDeletion(of network: EngineNetworkID) { gone.insert(network) }

    /// Forgets a network for good: the engine deletes it.
    func forgetNetwork(_ network: EngineNetworkID) throws(DaemonError) {
        gone.insert(network)
        try setNetwork(nil, of: network)
    }

    func beginRemoving(_ network: EngineNetworkID) { removing.insert(network) }

    func endRemoving(_ network: EngineNetworkID) { removing.remove(network) }

    // MARK: Ports

    /// The host's ports that lead to an endpoint.
    func ports(of endpoint: EndpointID) -> [PortForwarding] { content.ports[endpoint] ?? [] }

    /// The host's ports of every endpoint that has some.
    var ports: [EndpointID: [PortForwarding]] { content.ports }

    /// - Throws: ``DaemonKit/DaemonError`` when it cannot be written; then nothing has changed.
    func setPorts(_ ports: [PortForwarding], of endpoint: EndpointID) throws(DaemonError) {
        try change { $0.ports[endpoint] = ports.isEmpty ? nil : ports }
    }

    // MARK: Habits

    var habits: [SandboxID: ContainerHabit] { content.habits }

    /// - Parameter habit: nil to forget it.
    /// - Throws: ``DaemonKit/DaemonError`` when it cannot be written; then nothing has changed.
    func setHabit(_ habit: ContainerHabit?, of container: SandboxID) throws(DaemonError) {
        try change { $0.habits[container] = habit }
    }
}
