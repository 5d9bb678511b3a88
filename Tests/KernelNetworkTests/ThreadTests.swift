import Foundation
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

/// The reference engine was left with a third of its threads in wrong namespaces after a few containers had been started at once.
@Suite(Lab.condition) struct ThreadTests {
    @Test func `after hundreds of calls at once every thread is where it was`() async throws {
        let lab = try Lab()
        let host = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let places = try (0..<8).map { _ in try lab.namespace() }
        try await withThrowingTaskGroup { group in
            for number in 0..<100 { group.addTask { try Self.work(number, in: places[number % places.count], lab) } }
            try await group.waitForAll()
        }
        try onThreads(40) { thread in
            for number in 0..<10 { try Self.work(thread + number, in: places[number % places.count], lab) }
        }
        // Other tests have threads that are about to end; one that visits would stay where it is, or come back.
        let elsewhere = try Self.threads().filter { $0.value != host }.keys
        try await eventually("the threads that were in other namespaces have ended") {
            Set(elsewhere).isDisjoint(with: try Self.threads().keys)
        }
    }

    private static func work(_ number: Int, in place: KernelNamespace, _ lab: Lab) throws {
        switch number % 7 {
        case 0: try lab.kernel.setSystemControl("net/ipv4/ip_forward", to: "1", in: place)
        case 1: close(try lab.kernel.openSocket(.datagram, at: IPAddress(127, 0, 0, 1), port: 0, in: place))
        case 2: _ = try lab.kernel.dump(place)
        case 3: _ = try lab.kernel.changes(in: place)
        case 4: try lab.kernel.setRules(PacketRules(isolate: ["sk*"]), in: place)
        case 5: _ = try lab.kernel.dump(.path("/run/netns/\(place.name)"))
        default: _ = try lab.namespace()
        }
    }

    /// The namespace of each thread; one may end meanwhile.
    private static func threads() throws -> [String: String] {
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        return Dictionary(
            uniqueKeysWithValues: tasks.compactMap { task in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/task/\(task)/ns/net")).map { (task, $0) }
            })
    }
}
