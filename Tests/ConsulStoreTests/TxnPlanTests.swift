import ClusterStore
import Testing

@testable import ConsulStore

struct TxnPlanTests {
    private let root = ConsulRoot("/skein/")
    private let session = "11111111-2222-3333-4444-555555555555"

    private func plan(
        _ compares: [StoreCompare], then operations: [StoreOperation], held: [StoreKey: String] = [:]
    ) -> TxnPlan {
        TxnPlan(StoreTransaction(compares, then: operations), root: root, mark: 7, held: held)
    }

    private func verbs(_ plan: TxnPlan) -> [String] { plan.operations.map { "\($0.kv.verb.rawValue) \($0.kv.key)" } }

    private func key(_ path: String) -> StoreKey { StoreKey(path: path) }

    @Test func `a claim is one operation, and a put of a key that is compared says so itself`() {
        let claim = plan([.absent(key("a"))], then: [.put(key("a"), [1])])
        #expect(verbs(claim) == ["cas skein/a"] && claim.operations[0].kv.index == 0)
        let change = plan([.unchanged(key("a"), since: StoreRevision(9))], then: [.put(key("a"), [1])])
        #expect(verbs(change) == ["cas skein/a", "check-session skein/a"] && change.operations[0].kv.index == 9)
        // An index of 0 would mean to Consul that the key is absent.
        let never = plan([.unchanged(key("a"), since: .zero)], then: [.put(key("a"), [1])])
        #expect(verbs(never) == ["check-index skein/a", "set skein/a", "check-session skein/a"])
    }

    @Test func `what is under a lease is locked, and taken from the session that has it`() {
        let lease = LeaseID(session)
        #expect(verbs(plan([.absent(key("a"))], then: [.put(key("a"), [], lease: lease)])) == ["check-not-exists skein/a", "lock skein/a"])
        let held = [key("a"): "other"]
        #expect(verbs(plan([], then: [.put(key("a"), [], lease: lease)], held: held)) == ["unlock skein/a", "lock skein/a"])
        #expect(verbs(plan([], then: [.put(key("a"), [])], held: held)) == ["unlock skein/a"])
        #expect(verbs(plan([], then: [.put(key("a"), [], lease: lease)], held: [key("a"): session])) == ["lock skein/a"])
        let compared = plan([.unchanged(key("a"), since: StoreRevision(9))], then: [.put(key("a"), [])], held: held)
        #expect(verbs(compared) == ["check-index skein/a", "unlock skein/a"])
    }

    @Test func `a transaction that only deletes sets the mark that tells its index`() {
        let plan = plan([.present(key("a"))], then: [.delete(key("a")), .deleteChildren(key("b"))])
        #expect(verbs(plan) == ["get skein/a", "set skein/.revision", "delete skein/a", "delete-tree skein/b/"])
        #expect(plan.operations[1].kv.flags == 7)
    }

    @Test func `a failed compare is a conflict, whatever else failed, and tells what was absent`() {
        let plan = plan(
            [.present(key("a")), .absent(key("b")), .unchanged(key("c"), since: StoreRevision(3)), .absent(key("d"))],
            then: [.put(key("d"), []), .put(key("e"), [], lease: LeaseID(session))])
        let problems = [
            ConsulTxnAnswer.Problem(operation: 0, what: "key \"skein/a\" doesn't exist"),
            .init(operation: 2, what: "failed to check index, key \"skein/c\" doesn't exist"),
            .init(operation: 4, what: "invalid session \"x\""),
        ]
        #expect(TxnVerdict(problems, of: plan) == .conflict(absent: [key("a"), key("b"), key("c"), key("d")]))
        #expect(TxnVerdict([problems[2]], of: plan) == .refused(.leaseNotFound, "invalid session \"x\""))
    }

    @Test func `a key under another session is looked at again, and a denial is no conflict`() {
        let plan = plan([.absent(key("a"))], then: [.put(key("b"), [])])
        let other = ConsulTxnAnswer.Problem(operation: 2, what: "failed session check for key \"skein/b\", current session \"x\" != \"\"")
        #expect(TxnVerdict([other], of: plan) == .held([key("b")]))
        let denial = ConsulTxnAnswer.Problem(operation: 0, what: "Permission denied: lacks permission 'key:write'")
        #expect(TxnVerdict([denial, other], of: plan) == .refused(.denied, denial.what))
        let wrong = ConsulTxnAnswer.Problem(operation: 1, what: "Must provide key")
        #expect(TxnVerdict([wrong, other], of: plan) == .refused(.rejected, "Must provide key"))
    }

    @Test func `many prefixes are covered by the longest ancestors that fit a transaction`() {
        let few = ListPlan([key("a/"), key("b/1/")])
        #expect(few.asked == few.wanted)
        let many = ListPlan((0..<70).map { key("endpoints/\($0)/") } + [key("nodes/")])
        #expect(many.asked == [key("endpoints/"), key("nodes/")])
        #expect(many.wants(key("endpoints/69/x")) && !many.wants(key("endpoints/70/x")) && !many.wants(key("endpoints/6")))
        #expect(ListPlan((0..<70).map { key("\($0)/") }).asked == [.everything])
    }
}
