import ClusterStore
import FaultProxy
import StoreConformance
import Synchronization
import TestSupport
import Testing

extension FaultRule {
    private static let everything = StoreKey(path: "")

    static let watches: [FaultRule] = [
        FaultRule("a watch loses nothing, goes back nowhere, and comes to what is true when a fault has ended") { scene in
            try await scene.forEachCase { scene, fault in
                guard fault.fault != FaultCase.swallowing else { return }
                try await follow(through: fault.fault, named: fault.name, times: .max, in: scene)
            }
        },
        FaultRule("a watch that is told old things again does not tell them") { scene in
            try await follow(through: .stale, named: "stale answers", times: 3, in: scene)
        },
        FaultRule("a watch comes to what is true by another endpoint, while the first is at fault") { scene in
            try await scene.forEachCase { scene, fault in
                // A watch that is silent is listed again after its trust, wherever that is.
                guard !fault.isSilent, fault.fault != FaultCase.swallowing else { return }
                let below = StoreKey(path: scene.key.path + "/")
                let follower = Follower(try scene.store(andDirectly: true).watch(below))
                try await follower.reaches("the beginning, \(fault.name)") { $0.snapshots > 0 }
                scene.proxy.inject(fault.fault)
                for number in 1...5 { try await scene.put(below.path + "k", "\(number)") }
                try await follower.reaches("what is true, \(fault.name)") { $0.values[below.path + "k"] == "5" }
            }
        },
        FaultRule("a watch that is told nothing for too long lists and compares") { scene in
            let follower = Follower(try scene.impatientStore(trust: .milliseconds(500)).watch(everything))
            try await scene.put("first")
            try await follower.reaches("that it follows") { $0.values["first"] != nil }
            scene.proxy.inject(.stall(.afterRequest)) { scene.isWatch($0) }
            try await scene.put("k", "v")
            try await follower.reaches("the write") { $0.values["k"] == "v" }
        },
    ]

    /// Follows a counter through a fault that begins while the watch runs.
    private static func follow(through fault: Fault, named name: String, times: Int, in scene: FaultScene) async throws {
        let below = StoreKey(path: scene.key.path + "/")
        let (anchor, counter) = (below.path + "anchor", below.path + "counter")
        try await scene.put(anchor, "always")
        try await scene.put(counter, "1")
        let follower = Follower(try scene.store().watch(below), after: Watchfulness(anchor, counter, name).look)
        try await follower.reaches("the beginning, \(name)") { $0.snapshots > 0 }
        scene.proxy.inject(fault, times: times)
        for number in 2...10 {
            try await scene.put(counter, "\(number)")
            try await scene.put(below.path + "once-\(number)")
        }
        try await eventually("the fault is met, \(name)") { scene.proxy.hits > 0 }
        for number in 11...20 { try await scene.put(counter, "\(number)") }
        scene.proxy.heal()
        let last = try await scene.put(counter, "21")
        try await follower.reaches("what is true, \(name)") { $0.revision >= last }
        #expect(try await scene.truth.list(below).values == follower.view.values, "\(name)")
    }
}

/// Sees that a key never goes and that a counter never goes back.
private final class Watchfulness: Sendable {
    private let anchor: String
    private let counter: String
    private let name: String
    private let highest = Mutex(0)

    init(_ anchor: String, _ counter: String, _ name: String) {
        (self.anchor, self.counter, self.name) = (anchor, counter, name)
    }

    func look(_ view: Follower.View) {
        guard view.snapshots > 0 else { return }
        #expect(view.values[anchor] == "always", "\(name)")
        let number = view.values[counter].flatMap { Int($0) } ?? 0
        highest.withLock { highest in
            #expect(number >= highest, "\(name)")
            highest = number
        }
    }
}
