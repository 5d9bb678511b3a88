import Foundation
import KernelNetwork
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

/// A data plane on the real kernel of a host that was made for tests. One test at a time: they share the host's namespace.
final class RealHost {
    static let condition = ConditionTrait.enabled(
        if: TestHost.isAvailable, "needs root, on a host of its own: scripts/test namespaces makes one")

    let kernel: CountingKernel
    let sites = RecordingSites()
    let files = LinuxSandboxFiles(directory: "/run/skein-test-files")

    init() throws {
        kernel = CountingKernel(try LinuxKernel())
        try clear()
    }

    /// What an aborted test left.
    func clear() throws {
        for name in try kernel.namespaces() where name.hasPrefix("skein-") || name.hasPrefix("sk-") { try kernel.deleteNamespace(name) }
        try kernel.setRules(nil, in: .host)
    }

    func plane(_ options: DataplaneOptions = Scene.hasty, sites: (any NetworkSites)? = nil) throws -> Dataplane {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Dataplane(
            node: try Fixture.id("a"), kernel: kernel, files: files, sites: sites ?? self.sites, options: options, clock: ContinuousClock(),
            logger: logger)
    }

    func settled(_ view: [ViewChange]) async throws -> Dataplane {
        let plane = try plane()
        await plane.start(with: view)
        try await settle(plane)
        return plane
    }

    /// The real kernel may need time, such as to let go of a device.
    func settle(_ plane: Dataplane) async throws {
        try await eventually("the kernel is as planned") {
            await plane.pass()
            return await plane.isDone
        }
    }

    /// Runs a program in a namespace.
    @discardableResult
    func run(_ command: String, in namespace: String? = nil) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", namespace.map { "ip netns exec \($0) \(command)" } ?? command]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    func reaches(_ address: String, from sandbox: String) throws -> Bool {
        try run("ping -c 1 -W 2 \(address)", in: sandbox).status == 0
    }
}
