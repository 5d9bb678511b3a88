import DesiredState
public import KernelNetwork
public import Logging
public import NetworkModel

/// Brings this host's kernel to what the view says, and keeps it there: namespaces, devices, neighbours, forwarding entries, rules.
///
/// It runs on a thread of its own, since the kernel's calls block. Nothing is written before the first complete view.
public actor Dataplane {
    private let kernelQueue = KernelQueue()
    public nonisolated var unownedExecutor: UnownedSerialExecutor { kernelQueue.asUnownedSerialExecutor() }
    let kernel: any NetworkKernel
    let files: any SandboxFiles
    let sites: any NetworkSites
    let options: DataplaneOptions
    let clock: any Clock<Duration>
    let logger: Logger

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
        self.logger = logger
    }

    /// Takes the first complete view: from now on what an earlier life left is adopted, repaired or removed.
    public func start(with changes: [ViewChange]) {
    }

    /// Takes later changes of the view.
    public func update(_ changes: [ViewChange]) {
    }

    /// Waits until the kernel has what the view says of an endpoint of this node, and its network is ready.
    /// - Throws: the kernel's reason, after ``DataplaneOptions/settleBound``.
    public func settle(endpoint: EndpointID) async throws {
    }

    /// Waits until a sandbox's namespace is as the view says: there with all its endpoints, or gone.
    /// - Throws: the kernel's reason, after ``DataplaneOptions/settleBound``.
    public func settle(sandbox: SandboxID) async throws {
    }

    /// Why the kernel is not as planned, or nil.
    public var fault: String? { nil }

    /// Reconciles until cancelled.
    public func run() async throws {
    }
}
