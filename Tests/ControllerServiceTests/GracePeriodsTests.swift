import NetworkModel
import Testing

@testable import ControllerService

@Suite struct `Grace periods` {
    private let start = ContinuousClock().now
    private let node = try? NodeID("a1")
    private let other = try? NodeID("b2")

    private func nodes(_ ids: NodeID?...) -> Set<NodeID> { Set(ids.compactMap { $0 }) }

    @Test func `end only after the whole grace without a record`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        #expect(periods.observe(dead: nodes(node), at: start).isEmpty)
        #expect(periods.observe(dead: nodes(node), at: start + .seconds(59)).isEmpty)
        #expect(periods.observe(dead: nodes(node), at: start + .seconds(60)) == [node].compactMap { $0 })
    }

    @Test func `begin anew when the node was back in between`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        _ = periods.observe(dead: nodes(node), at: start)
        _ = periods.observe(dead: [], at: start + .seconds(30))
        #expect(periods.observe(dead: nodes(node), at: start + .seconds(70)).isEmpty)
    }

    @Test func `forget a node that holds nothing any more`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        _ = periods.observe(dead: nodes(node), at: start)
        #expect(periods.observe(dead: [], at: start + .seconds(90)).isEmpty)
        #expect(periods.nextEnd(after: start) == nil)
    }

    @Test func `begin anew after the store was away`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        _ = periods.observe(dead: nodes(node), at: start)
        periods.startOver()
        #expect(periods.observe(dead: nodes(node), at: start + .seconds(70)).isEmpty)
        #expect(periods.observe(dead: nodes(node), at: start + .seconds(130)) == [node].compactMap { $0 })
    }

    @Test func `that are over are no reason to look again at once`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        _ = periods.observe(dead: nodes(node), at: start)
        _ = periods.observe(dead: nodes(node), at: start + .seconds(61))
        #expect(periods.nextEnd(after: start + .seconds(61)) == nil)
    }

    @Test func `tell when the next one ends`() {
        var periods = GracePeriods<ContinuousClock.Instant>(grace: .seconds(60))
        _ = periods.observe(dead: nodes(node), at: start)
        _ = periods.observe(dead: nodes(node, other), at: start + .seconds(20))
        #expect(periods.nextEnd(after: start + .seconds(20)) == .seconds(40))
    }
}
