import NetworkModel

/// The store's history, revision by revision: that nothing ever has two owners, and that some operation explains each change.
struct StoreReplay {
    private(set) var violations: [Violation] = []
    private let index: OperationIndex
    private var holdings: [Owner: Holding] = [:]
    private var holders: [Resource: Set<Owner>] = [:]
    private var deeds: [Resource: Owner] = [:]
    private var nodes: [NodeID: Epoch] = [:]
    private var pools: Set<Resource> = []
    /// What became of each owner; nil at its end.
    private var stories: [Owner: [(revision: Int64, holding: Holding?)]] = [:]
    /// Revisions of which nothing is known by themselves.
    private var unseen: [ClosedRange<Int64>] = []
    private var reached: Int64 = 0

    init(explainedBy index: OperationIndex) {
        self.index = index
    }

    mutating func take(_ step: StoreStep) {
        if step.isJump, reached < step.revision { unseen.append(reached + 1...step.revision) }
        reached = step.revision
        for (node, epoch) in step.nodes { nodes[node] = epoch }
        var touched = Set(step.deeds.keys)
        for (owner, holding) in step.owners {
            explain(owner, holding, step)
            touched.formUnion(update(owner, holding, at: step.revision))
        }
        for (resource, owner) in step.deeds { deeds[resource] = owner }
        for resource in touched { check(resource, at: step.revision) }
    }

    private mutating func note(_ rule: Violation.Rule, _ text: String) {
        violations.append(Violation(rule, text))
    }

    // MARK: Who has what

    /// - Returns: what may have another owner now.
    private mutating func update(_ owner: Owner, _ holding: Holding?, at revision: Int64) -> Set<Resource> {
        let before = holdings[owner]?.resources ?? []
        let after = holding?.resources ?? []
        holdings[owner] = holding
        for resource in before.subtracting(after) {
            holders[resource]?.remove(owner)
            if holders[resource]?.isEmpty == true { holders[resource] = nil }
        }
        for resource in after { holders[resource, default: []].insert(owner) }
        stories[owner, default: []].append((revision, holding))
        return before.symmetricDifference(after)
    }

    private mutating func check(_ resource: Resource, at revision: Int64) {
        let owners = holders[resource] ?? []
        if case .pool = resource { checkOverlap(of: resource, at: revision, isHeld: !owners.isEmpty) }
        if owners.count > 1 {
            note(.twoOwners, "revision \(revision): \(resource) has \(owners.map(\.description).sorted().joined(separator: " and "))")
        } else if owners.first != deeds[resource] {
            let (named, actual) = (deeds[resource]?.description ?? "nobody", owners.first?.description ?? "nobody")
            note(.claimAndOwnerDiffer, "revision \(revision): \(resource) names \(named), and \(actual) has it")
        }
    }

    private mutating func checkOverlap(of pool: Resource, at revision: Int64, isHeld: Bool) {
        guard isHeld else {
            pools.remove(pool)
            return
        }
        for other in pools where other != pool && other.clashes(with: pool) {
            note(.twoOwners, "revision \(revision): \(pool) overlaps \(other)")
        }
        pools.insert(pool)
    }

    // MARK: Explanations

    private mutating func explain(_ owner: Owner, _ after: Holding?, _ step: StoreStep) {
        switch (holdings[owner], after) {
        case (nil, nil): break
        case (nil, let holding?): explainBirth(of: owner, holding, step)
        case (let before?, nil): explainEnd(of: owner, before, step)
        case (let before?, let holding?):
            if before != holding { explainChange(of: owner, before, holding, step) }
        }
    }

    private mutating func explainBirth(of owner: Owner, _ holding: Holding, _ step: StoreStep) {
        if stories[owner] != nil { note(.resurrected, "revision \(step.revision): \(owner) is there again, with \(holding)") }
        let claims = index.claims(of: owner)
        if claims.isEmpty { note(.unexplained, "revision \(step.revision): nobody has asked for \(owner)") }
        if !claims.isEmpty, !claims.contains(where: \.mayBeDone) {
            note(.refusedAndDone, "revision \(step.revision): \(owner) is there; \(claims[0])")
        }
        checkLife(of: owner, holding, step)
    }

    private mutating func explainChange(of owner: Owner, _ before: Holding, _ after: Holding, _ step: StoreStep) {
        if !index.mayHaveChanged(owner, before, where: { operation, _ in isPossible(operation, at: step) }) {
            note(.unexplained, "revision \(step.revision): nobody has changed \(owner) from \(before) to \(after)")
        }
        checkLife(of: owner, after, step)
    }

    private mutating func explainEnd(of owner: Owner, _ before: Holding, _ step: StoreStep) {
        // A reservation goes with its lease: together with its node's record, or once another life of the node has a lease of its own.
        if owner.isReservation, let life = before.life, nodes[life.node].map({ $0 > life.epoch }) ?? true { return }
        let isExplained = index.mayHaveEnded(owner, before) { operation, authority in
            guard isPossible(operation, at: step) else { return false }
            if case .deadNode(let node) = authority, !step.isJump { return nodes[node] == nil }
            return true
        }
        if !isExplained { note(.unexplained, "revision \(step.revision): nobody has ended \(owner), which had \(before)") }
    }

    /// An operation that was told its revision has done nothing at any other.
    private func isPossible(_ operation: Operation, at step: StoreStep) -> Bool {
        guard !step.isJump, let revision = operation.acknowledgement?.revision else { return true }
        return revision == step.revision
    }

    private mutating func checkLife(of owner: Owner, _ holding: Holding, _ step: StoreStep) {
        guard let life = holding.life, !step.isJump, nodes[life.node] != life.epoch else { return }
        let present = nodes[life.node].map { "in epoch \($0)" } ?? "gone"
        note(.notFenced, "revision \(step.revision): node \(life.node.short) wrote \(owner) in epoch \(life.epoch) and is \(present)")
    }

    // MARK: Afterwards

    mutating func checkEnd(_ end: [Owner: Holding]) {
        guard !stories.isEmpty || !end.isEmpty else { return }
        for owner in Set(holdings.keys).union(end.keys) where holdings[owner] != end[owner] {
            let (told, read) = (holdings[owner]?.description ?? "nothing", end[owner]?.description ?? "nothing")
            note(.otherEnd, "the history leaves \(owner) with \(told), and a read finds it with \(read)")
        }
    }

    /// What an owner had at a revision; nil if that cannot be told.
    func holding(of owner: Owner, at revision: Int64) -> Holding?? {
        guard reached >= revision, !unseen.contains(where: { $0.contains(revision) }) else { return nil }
        return .some(stories[owner]?.last { $0.revision <= revision }?.holding)
    }
}
