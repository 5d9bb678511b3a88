import DesiredState
public import KernelNetwork
public import Logging
public import NetworkModel

/// Brings this host's kernel to what the view says, and keeps it there: namespaces, devices, neighbours, forwarding entries, rules.
///
/// It runs on a thread of its own, since the kernel's calls block. Nothing is written before the first complete view.
public actor Dataplane {
    private let queue = KernelQueue()
    public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    let kernel: any NetworkKernel
    let files: any SandboxFiles
    let sites: any NetworkSites
    let options: DataplaneOptions
    let clock: any Clock<Duration>
    let randomness: any Randomness
    let logger: Logger
    /// The time since this was made.
    let now: @Sendable () -> Duration

    // What should be.
    var desired: DesiredState
    var uplinks = UplinkAddressing()
    let host = ManagedNamespace(.host, of: .host, exists: true)
    var networks: [NetworkID: LocalNetwork] = [:]
    var sandboxes: [SandboxID: LocalSandbox] = [:]
    var sandboxOfNamespace: [String: SandboxID] = [:]
    var isHostSiteOpen = false
    var published = PublishedPorts()

    // Where the work stands.
    private(set) var hasView = false
    /// Whether it is known what an earlier life left.
    var isAdopted = false
    /// Whether the namespaces are to be listed, and all of them compared.
    var isVerifyDue = true
    var namespacesThere: Set<String> = []
    var due: Set<Item> = []
    var inProgress: Set<Item> = []
    var failed: Set<Item> = []
    var learned: Set<Item> = []
    var troubles: [Item: Trouble] = [:]
    /// How often it went through what was due.
    private(set) var passes = 0

    // What wakes it.
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    var timers = Timers()
    var chores = Chores()
    var monitors = Monitors()
    var waiters = Waiters()

    public init(
        node: NodeID, kernel: any NetworkKernel, files: any SandboxFiles, sites: any NetworkSites,
        options: DataplaneOptions = DataplaneOptions(), clock: any Clock<Duration>, randomness: any Randomness = SystemRandomness(),
        logger: Logger
    ) {
        self.kernel = kernel
        self.files = files
        self.sites = sites
        self.options = options
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
        now = clock.stopwatch()
        desired = DesiredState(node: node, vxlanPort: options.vxlanPort)
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: The view

    /// Takes the first complete view: from now on what an earlier life left is adopted, repaired or removed.
    public func start(with changes: [ViewChange]) {
        _ = desired.apply(changes)
        hasView = true
        wake()
    }

    /// Takes later changes of the view.
    public func update(_ changes: [ViewChange]) {
        let touched = desired.apply(changes)
        if isAdopted { replan(touched) }
    }

    // MARK: Waiting

    /// Waits until the kernel has what the view says of an endpoint of this node, its network is ready, and its ports are published. An
    /// endpoint that the view does not have needs nothing; that of a container engine has its pair then, with the far end on the host.
    /// - Throws: the kernel's reason, after ``DataplaneOptions/settleBound``.
    public func settle(endpoint: EndpointID) async throws {
        try await settle { plane in
            let host: [Item] = plane.published.concerns(endpoint) ? [.host] : []
            guard let home = plane.desired.home(of: endpoint) else { return host }
            return host + [.network(home.network)] + (home.sandbox.map { [.sandbox($0)] } ?? [])
        }
    }

    /// Waits until a sandbox's namespace is as the view says: there with all its endpoints, or gone.
    /// - Throws: the kernel's reason, after ``DataplaneOptions/settleBound``.
    public func settle(sandbox: SandboxID) async throws {
        try await settle { plane in [.sandbox(sandbox)] + plane.desired.networks(of: sandbox).map { .network($0) } }
    }

    private func settle(_ wanted: (isolated Dataplane) -> [Item]) async throws {
        let deadline = now() + options.settleBound
        while true {
            let items = wanted(self)
            if isAdopted, items.allSatisfy(isClean) { return }
            try Task.checkCancellation()
            guard !waiters.areClosed else { throw DataplaneError(.unavailable, "the data plane has stopped") }
            guard now() < deadline else {
                let late = DataplaneError(.unavailable, "the kernel did not take all of it within \(options.settleBound)")
                throw items.lazy.compactMap { self.troubles[$0]?.reason }.first ?? late
            }
            let stream = waiters.add(until: deadline)
            if timers.wake.map({ deadline < $0 }) ?? true { wake() }
            for await _ in stream {}
        }
    }

    private func isClean(_ item: Item) -> Bool {
        !due.contains(item) && !inProgress.contains(item) && troubles[item] == nil
    }

    /// Why the kernel is not as planned, or nil.
    public var fault: String? {
        let messages = troubles.values.map(\.message).sorted()
        guard let first = messages.first else { return nil }
        return messages.count == 1 ? first : "\(first) (and \(messages.count - 1) more)"
    }

    // MARK: The cycle

    /// Reconciles until cancelled.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            wake()
            for await _ in wakes {
                await pass()
                for monitor in monitors.takeNew() { group.addTask { await self.follow(monitor) } }
                if let wait = nextWait() { group.addTask { await self.wake(after: wait) } }
            }
            group.cancelAll()
        }
        waiters.close()
    }

    func wake() { waker.yield() }

    private func wake(after wait: (sleep: Duration, time: Duration)) async {
        try? await clock.sleep(for: wait.sleep)
        timers.rang(at: wait.time)
        wake()
    }

    /// One time through all that is due.
    func pass() async {
        passes += 1
        defer { waiters.release() }
        guard hasView else { return }
        fireTimers()
        if isVerifyDue { adopt() }
        guard isAdopted else { return }
        doChores()
        inProgress = due
        due = []
        involveHost()
        failed = []
        learned = []
        await reconcile()
        for item in inProgress where !failed.contains(item) { recovered(item) }
        inProgress = []
        if isClean(.host) { published.hostIsSettled() }
        if !due.isEmpty || !chores.isEmpty { wake() }
    }
}

extension Clock where Duration == Swift.Duration {
    /// Tells the time since now.
    fileprivate func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
