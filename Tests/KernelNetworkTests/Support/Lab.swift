import Foundation
import KernelNetwork
import NetworkModel
import Synchronization
import TestSupport
import Testing

/// The real kernel, as far as a test may use it: on a host of its own, in namespaces that go with the test.
final class Lab: Sendable {
    static let condition = ConditionTrait.enabled(
        if: TestHost.isAvailable, "needs root, on a host of its own: scripts/test namespaces makes one")

    private static let shared = Result { () throws(KernelError) in try LinuxKernel() }
    private static let counter = Atomic(0)

    let kernel: LinuxKernel
    private let names = Mutex<[String]>([])

    init() throws {
        kernel = try Self.shared.get()
    }

    deinit {
        for name in names.withLock({ $0 }) { try? kernel.deleteNamespace(name) }
    }

    /// A number that no other test has.
    static func unique() -> Int { counter.add(1, ordering: .relaxed).newValue }

    static func vni() throws -> VNI { try VNI(UInt32(1000 + unique())) }

    /// A new namespace.
    func namespace() throws -> KernelNamespace {
        let name = freeName()
        try kernel.createNamespace(name)
        return .named(name)
    }

    /// The name of a namespace that is not there; it is deleted after the test if it is by then.
    func freeName() -> String {
        let name = "lab-\(Self.unique())"
        names.withLock { $0.append(name) }
        return name
    }

    /// Writes changes that are meant to succeed.
    func apply(_ changes: [KernelChange], in place: KernelNamespace, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let failures = try kernel.apply(changes, in: place)
        #expect(failures == [], sourceLocation: sourceLocation)
    }
}

/// Runs a program and gives what it wrote.
@discardableResult
func shell(_ command: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

extension KernelNamespace {
    /// As `ip netns exec` and `nsenter` want it.
    var name: String {
        guard case .named(let name) = self else { return "" }
        return name
    }
}
