import FoundationEssentials
import HistoryCheck
import NetworkModel

/// What `scripts/history` asks for, by the environment.
enum HistorySettings {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    /// The seed of schedules, faults and simulations; a new one for each run, unless one is asked for.
    static let seed: UInt64 = number("SKEIN_HISTORY_SEED") ?? SystemRandomness().next() % 1_000_000_000
    /// How long one run on a real store takes.
    static let duration: Duration = .seconds(Int64(clamping: number("SKEIN_HISTORY_SECONDS") ?? 25))
    /// How many seeds are simulated.
    static let simulations: UInt64 = number("SKEIN_HISTORY_SIMULATIONS") ?? 100
}

/// A history in words, for those who look for the cause of a violation.
struct HistoryReport {
    private let history: History
    private let violations: [Violation]

    init(_ history: History, _ violations: [Violation]) {
        self.history = history
        self.violations = violations
    }

    var text: String {
        let steps = history.steps.map { step in
            let owners = step.owners.map { "\($0): \($1?.description ?? "gone")" }
            let deeds = step.deeds.map { "\($0) names \($1?.description ?? "nobody")" }
            let nodes = step.nodes.map { "node \($0.short): \($1.map { "epoch \($0)" } ?? "gone")" }
            return "revision \(step.revision)\(step.isJump ? " and those before" : ""): "
                + (owners.sorted() + deeds.sorted() + nodes.sorted()).joined(separator: "; ")
        }
        return (violations.map(\.description) + [""] + history.operations.map(\.description) + [""] + steps).joined(separator: "\n") + "\n"
    }

    /// - Returns: the path of the file.
    func write(_ store: String, seed: UInt64) -> String {
        let folder = ProcessInfo.processInfo.environment["SKEIN_HISTORY_REPORTS"] ?? FileManager.default.temporaryDirectory.path()
        let path = "\(folder)/history-\(store)-\(seed).txt"
        return (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil ? path : "no file, \(folder) cannot be written to"
    }
}
