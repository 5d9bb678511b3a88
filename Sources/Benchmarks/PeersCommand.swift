import ArgumentParser
import Dataplane
import KernelNetwork
import Logging
import NetworkModel

/// Programs the endpoints of a large network, all of them on another node.
struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "Print how many milliseconds remote endpoints take until the kernel has them. Run it on a host of its own.")

    @Option(help: "How many remote endpoints, up to 60000.") var count = 20_000

    func run() async throws {
        let scene = try LargeNetwork(count: min(max(count, 0), 60_000))
        let dataplane = Dataplane(
            node: scene.here, kernel: try LinuxKernel(), files: LinuxSandboxFiles(), sites: NoSites(), clock: ContinuousClock(),
            logger: Logger(label: "skein-bench"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await dataplane.run() }
            await dataplane.start(with: scene.local)
            try await dataplane.settle(endpoint: scene.localEndpoint)
            let begin = Stopwatch.microseconds()
            await dataplane.update(scene.remote)
            try await dataplane.settle(endpoint: scene.localEndpoint)
            Stopwatch.report("\(Double(Stopwatch.microseconds() - begin) / 1000)")
            await dataplane.update(scene.removal)
            try await dataplane.settle(sandbox: scene.sandbox)
            group.cancelAll()
        }
    }
}

/// No names are served here.
struct NoSites: NetworkSites {
    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, at addresses: [IPAddress]) async throws {}
    func hostIsReady(at address: IPAddress) async throws {}
    func networkGoes(_ network: NetworkID) async {}
}
