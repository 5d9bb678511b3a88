import FakeKernel
import KernelNetwork
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

/// One host: its kernel, its files, and the lives of its data plane, driven pass by pass.
struct Scene {
    let kernel = FakeKernel()
    let files = FakeSandboxFiles()
    let sites = RecordingSites()

    static let hasty = DataplaneOptions(linger: .zero, retryDelay: .zero)

    func plane(_ options: DataplaneOptions = hasty) throws -> Dataplane {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Dataplane(
            node: try Fixture.id("a"), kernel: kernel, files: files, sites: sites, options: options, clock: ContinuousClock(),
            randomness: SeededRandomness(seed: 7), logger: logger)
    }

    /// A life that has reached what a view says.
    func settled(_ view: [ViewChange]) async throws -> Dataplane {
        let plane = try plane()
        await plane.start(with: view)
        try await settle(plane)
        return plane
    }

    /// Goes through passes until nothing is left to do.
    /// - Throws: if that takes more than a bound.
    func settle(_ plane: Dataplane, within passes: Int = 12, _ location: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<passes {
            await plane.pass()
            if await plane.isDone { return }
        }
        let fault = await plane.fault ?? "no fault"
        Issue.record("not done after \(passes) passes: \(fault)", sourceLocation: location)
    }

    func snapshot() throws -> KernelSnapshot { try KernelSnapshot(kernel) }

    /// What a fresh host has when it has taken a view.
    static func expected(_ view: [ViewChange]) async throws -> KernelSnapshot {
        let scene = Scene()
        _ = try await scene.settled(view)
        return try scene.snapshot()
    }
}

extension Dataplane {
    var isDone: Bool { isAdopted && !isVerifyDue && chores.isEmpty && due.isEmpty && troubles.isEmpty }

    /// Whether no monitor's word waits to be looked into, either.
    var isQuiet: Bool { isDone && timers.suspects.isEmpty }

    /// Has everything compared with the next pass.
    func look() { isVerifyDue = true }
}
