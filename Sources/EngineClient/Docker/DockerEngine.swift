public import HTTPTransport
public import Logging
public import NetworkModel

/// A Docker engine behind its unix socket, by Docker's Engine API.
///
/// It keeps no state of the engine's but the API version that they share. What an answer lacks, or has in another form, is left out and spoils
/// nothing else.
public struct DockerEngine: ContainerEngine {
    private let caller: DockerCaller
    private let clock: any Clock<Duration>
    private let randomness: any Randomness

    /// How many containers are asked about at once.
    private static let inspectsAtOnce = 8

    /// - Parameter socket: the path of the engine's unix socket.
    public init(socket: String, http: HTTPClient, clock: any Clock<Duration>, randomness: any Randomness, logger: Logger) {
        caller = DockerCaller(socket: socket, http: http, logger: logger)
        self.clock = clock
        self.randomness = randomness
    }

    public var location: String { caller.location }

    /// The engine's own version, such as `20.10.24`, once it has answered.
    public var version: String? { caller.version?.engine }

    // MARK: Networks

    public func networks(ofDriver driver: String) async throws(EngineError) -> [HostedNetwork] {
        let path = try DockerPath("networks").filtered(by: ["driver": [driver]])
        let bodies = try await caller.get(path, as: DockerList<DockerNetworkBody>.self)
        // Some engines take the filter for a prefix.
        return bodies.items.compactMap(\.network).filter { $0.spec.driver == driver }
    }

    public func network(_ id: EngineNetworkID) async throws(EngineError) -> HostedNetwork? {
        try await caller.getIfPresent(DockerPath("networks", id.rawValue), as: DockerNetworkBody.self)?.network
    }

    public func createNetwork(_ network: HostedNetworkSpec) async throws(EngineError) -> EngineNetworkID {
        let answer = try await caller.post(
            DockerPath("networks", "create"), DockerNetworkCreateBody(network), answer: DockerCreatedBody.self, within: DockerBound.driving)
        guard let id = answer.id else {
            throw EngineError(.undecodable, "\(location) made network \(network.name) and gave it no id: look with docker network ls")
        }
        return id
    }

    public func removeNetwork(_ id: EngineNetworkID) async throws(EngineError) {
        do {
            try await caller.delete(DockerPath("networks", id.rawValue), within: DockerBound.driving)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }

    // MARK: Containers

    public func containers() async throws(EngineError) -> [HostedContainer] {
        let running = try await caller.get(DockerPath("containers", "json"), as: DockerList<DockerContainerIDBody>.self)
        let ids = running.items.compactMap(\.id)
        var found: [HostedContainer] = []
        for batch in stride(from: 0, to: ids.count, by: Self.inspectsAtOnce) {
            found += try await inspect(Array(ids[batch..<min(batch + Self.inspectsAtOnce, ids.count)]))
        }
        return found.filter(\.isRunning)
    }

    /// Those that are still there. One that cannot be asked about fails all: a list that lacks it would say that it is gone.
    private func inspect(_ ids: [String]) async throws(EngineError) -> [HostedContainer] {
        let results = await withTaskGroup(of: Result<HostedContainer?, EngineError>.self) { group in
            for id in ids {
                group.addTask {
                    do throws(EngineError) { return .success(try await container(id)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var found: [HostedContainer] = []
        for result in results {
            if let container = try result.get() { found.append(container) }
        }
        return found
    }

    public func container(_ id: String) async throws(EngineError) -> HostedContainer? {
        guard !id.isEmpty else { return nil }
        return try await caller.getIfPresent(DockerPath("containers", id, "json"), as: DockerContainerBody.self)?.container
    }

    public func connect(
        _ container: String, to network: EngineNetworkID, with options: AttachmentOptions
    ) async throws(EngineError) {
        try await caller.post(
            DockerPath("networks", network.rawValue, "connect"), DockerConnectBody(container, options), within: DockerBound.driving)
    }

    public func disconnect(_ container: String, from network: EngineNetworkID, force: Bool) async throws(EngineError) {
        try await caller.post(
            DockerPath("networks", network.rawValue, "disconnect"), DockerDisconnectBody(container: container, force: force),
            within: DockerBound.driving)
    }

    // MARK: Events

    public func events() -> AsyncStream<EngineEvent> {
        let feed = DockerEventFeed(caller: caller, clock: clock, randomness: randomness)
        return AsyncStream { await feed.next() }
    }
}
