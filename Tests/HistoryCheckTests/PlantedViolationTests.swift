import HistoryCheck
import NetworkModel
import Testing

/// A checker that finds nothing is worth nothing: each of these histories has one flaw.
@Suite struct PlantedViolationTests {
    @Test func `a sound history has no violations`() throws {
        #expect(try SmallHistory().history().violations() == [])
    }

    @Test func `two endpoints at one address are found in the store's history, and in what clients were told`() throws {
        var small = try SmallHistory()
        try small.attach("b", at: "10.0.0.2", revision: 12)
        let violations = small.history().violations()
        #expect(violations.rules == [.twoOwners])
        #expect(violations.contains { $0.text.contains("is told to two") })
        #expect(violations.contains { $0.text.contains("revision 12: address 10.0.0.2") })
    }

    @Test func `two owners are found by what clients were told, though the store has forgotten the first`() throws {
        var small = try SmallHistory()
        try small.forget("a", at: 11)
        try small.attach("b", at: "10.0.0.2", revision: 12)
        #expect(small.history().violations().contains { $0.rule == .twoOwners && $0.text.contains("told to two") })
    }

    @Test func `pools that overlap are two owners of one thing`() throws {
        var small = try SmallHistory()
        try small.create("other", vni: 300, pool: "10.0.0.128/25", revision: 12)
        #expect(small.history().violations().rules == [.twoOwners])
    }

    @Test func `one VNI of two networks is found`() throws {
        var small = try SmallHistory()
        try small.create("other", vni: 256, pool: "10.0.9.0/24", revision: 12)
        #expect(small.history().violations().rules.contains(.twoOwners))
    }

    @Test func `an acknowledged claim that is not there at the end is lost`() throws {
        var small = try SmallHistory()
        try small.forget("a", at: 11)
        let rules = small.history().violations().rules
        #expect(rules == [.unexplained, .lostClaim])
    }

    @Test func `an acknowledged claim that never was in the store is lost`() throws {
        var small = try SmallHistory()
        try small.attach("b", at: "10.0.0.3", revision: 12, isStored: false)
        #expect(small.history().violations().rules == [.lostClaim])
    }

    @Test func `an acknowledged release that is still there is lost`() throws {
        var small = try SmallHistory()
        try small.detach("a", .acknowledged(Acknowledgement(revision: 11)), isStored: false)
        #expect(small.history().violations().rules == [.lostRelease])
    }

    @Test func `a released endpoint that is there again is resurrected`() throws {
        var small = try SmallHistory()
        try small.detach("a", .acknowledged(Acknowledgement(revision: 11)), revision: 11)
        try small.store("a", at: "10.0.0.2", revision: 13)
        #expect(small.history().violations().rules == [.resurrected, .lostRelease])
    }

    @Test(arguments: [true, false])
    func `a release of which nobody knows may be carried out or not`(isStored: Bool) throws {
        var small = try SmallHistory()
        try small.detach("a", .unknown("the answer was lost"), revision: 11, isStored: isStored)
        #expect(small.history().violations() == [])
    }

    @Test(arguments: [true, false])
    func `a claim of which nobody knows may be made or not`(isStored: Bool) throws {
        var small = try SmallHistory()
        try small.attach("b", at: "10.0.0.3", revision: 12, .unknown("the answer was lost"), isStored: isStored)
        #expect(small.history().violations() == [])
    }

    @Test func `a claim that was refused and is there is found`() throws {
        var small = try SmallHistory()
        try small.attach("b", at: "10.0.0.3", revision: 12, .refused("no"))
        #expect(small.history().violations().rules == [.refusedAndDone])
    }

    @Test func `an endpoint that nobody asked for is found`() throws {
        var small = try SmallHistory()
        try small.store("b", at: "10.0.0.3", revision: 12)
        #expect(small.history().violations().rules == [.unexplained])
    }

    @Test func `a life that is over writes nothing`() throws {
        var small = try SmallHistory()
        small.node(epoch: 2, revision: 11)
        try small.attach("b", at: "10.0.0.3", revision: 12)
        #expect(small.history().violations().rules == [.notFenced])
    }

    @Test func `a live node is not reaped`() throws {
        for isAlive in [true, false] {
            var small = try SmallHistory()
            small.reap()
            if !isAlive { small.node(epoch: nil, revision: 11) }
            try small.forget("a", at: 12)
            #expect(small.history().violations().rules == (isAlive ? [.unexplained] : []))
        }
    }

    @Test func `what is asked for after an acknowledgement is done at a later revision`() throws {
        var small = try SmallHistory()
        try small.attach("b", at: "10.0.0.3", revision: 20)
        try small.attach("c", at: "10.0.0.4", revision: 15)
        #expect(small.history().violations().rules.contains(.wentBack))
    }

    @Test func `a key that names nobody's owner is found`() throws {
        var small = try SmallHistory()
        small.deed("10.0.0.9", revision: 12)
        #expect(small.history().violations().rules == [.claimAndOwnerDiffer])
    }

    @Test func `revisions that nobody saw explain what they may have done, and no more`() throws {
        var small = try SmallHistory()
        try small.detach("a", .unknown("lost"), revision: 11)
        small.jump()
        #expect(small.history().violations() == [])
        var other = try SmallHistory()
        try other.forget("a", at: 11)
        other.jump()
        #expect(other.history().violations().rules == [.unexplained, .lostClaim])
    }

    @Test func `an end that contradicts the history is found`() throws {
        var history = try SmallHistory().history()
        history.end.removeAll()
        #expect(history.violations().rules.contains(.otherEnd))
    }
}

extension [Violation] {
    var rules: Set<Violation.Rule> { Set(map(\.rule)) }
}
