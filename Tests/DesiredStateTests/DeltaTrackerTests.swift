import DesiredState
import NetworkModel
import TestSupport
import Testing

@Suite struct `A delta tracker` {
    /// What it is tested against: two dictionaries, compared in full.
    private struct Model {
        var wishes: [Int: Wish<Int>] = [:]
        var actual: [Int: Int] = [:]

        var updates: [Int: Int] {
            wishes.reduce(into: [:]) { result, entry in
                if case .value(let value) = entry.value, actual[entry.key] != value { result[entry.key] = value }
            }
        }

        var deletions: [Int: Int] { actual.filter { (wishes[$0.key] ?? .nothing) == .nothing } }
    }

    @Test(arguments: 0..<40) func `says what two dictionaries say`(seed: UInt64) {
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        var tracker = DeltaTracker<Int, Int>()
        var model = Model()
        for _ in 0..<400 {
            step(&tracker, &model, &generator)
            #expect(Dictionary(uniqueKeysWithValues: tracker.updates.map { ($0.key, $0.value) }) == model.updates)
            #expect(Dictionary(uniqueKeysWithValues: tracker.deletions.map { ($0.key, $0.value) }) == model.deletions)
            #expect(tracker.isInSync == (model.updates.isEmpty && model.deletions.isEmpty))
            #expect(tracker.actual == model.actual)
        }
    }

    private func step(_ tracker: inout DeltaTracker<Int, Int>, _ model: inout Model, _ generator: inout RandomnessGenerator) {
        let key = Int.random(in: 0..<12, using: &generator)
        let value = Int.random(in: 0..<3, using: &generator)
        let some = (0..<12).filter { _ in Bool.random(using: &generator) }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0, 1: set(.value(value), key, &tracker, &model)
        case 2: set(.nothing, key, &tracker, &model)
        case 3: set(.anything, key, &tracker, &model)
        case 4:
            tracker.setActual(value, at: key)
            model.actual[key] = value
        case 5:
            tracker.setActual(nil, at: key)
            model.actual[key] = nil
        case 6:
            let values = Dictionary(uniqueKeysWithValues: some.map { ($0, value) })
            tracker.setActual(values)
            model.actual = values
        default:
            model.actual = model.actual.filter { (model.wishes[$0.key] ?? .nothing) != .nothing }.merging(model.updates) { $1 }
            tracker.settle()
        }
    }

    private func set(_ wish: Wish<Int>, _ key: Int, _ tracker: inout DeltaTracker<Int, Int>, _ model: inout Model) {
        tracker.setWish(wish, for: key)
        model.wishes[key] = wish
    }

    @Test func `replaces all wishes`() {
        var tracker = DeltaTracker<Int, String>()
        tracker.setWishes([1: .value("a"), 2: .value("b")])
        tracker.settle()
        tracker.setWishes([2: .value("c"), 3: .anything])
        #expect(tracker.updates.map(\.key) == [2])
        #expect(tracker.deletions.map(\.key) == [1])
        #expect(tracker.desired == [2: "c"])
    }
}
