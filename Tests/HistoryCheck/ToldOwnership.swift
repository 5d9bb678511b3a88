/// What clients were told, without a look at the store: two must never have been told that the same thing is theirs, unless the first may
/// have lost it in between.
struct ToldOwnership {
    private struct Claim {
        let owner: Owner
        let holding: Holding
        let revision: Int64
        let operation: Operation
    }

    private let claims: [Resource: [Claim]]
    private let index: OperationIndex

    init(_ operations: [Operation]) {
        index = OperationIndex(operations)
        var claims: [Resource: [Claim]] = [:]
        for operation in operations {
            guard let told = operation.acknowledgement, let holding = told.holding, let revision = told.revision,
                let owner = operation.subject
            else { continue }
            let claim = Claim(owner: owner, holding: holding, revision: revision, operation: operation)
            for resource in holding.resources { claims[resource, default: []].append(claim) }
        }
        self.claims = claims.mapValues { $0.sorted { $0.revision < $1.revision } }
    }

    func violations() -> [Violation] {
        claims.flatMap { resource, claims in
            zip(claims, claims.dropFirst()).compactMap { first, second in
                guard first.owner != second.owner, !mayHaveLost(first, resource, before: second) else { return nil }
                return Violation(.twoOwners, "\(resource) is told to two: \(first.operation); \(second.operation)")
            }
        }
    }

    private func mayHaveLost(_ claim: Claim, _ resource: Resource, before second: Claim) -> Bool {
        // A reservation goes with a lease, of which nobody is told.
        guard !claim.owner.isReservation else { return true }
        let isInTime = { (end: Operation, _: Authority) in
            end.invoked <= second.operation.completed ?? .max && end.acknowledgement?.revision ?? 0 <= second.revision
        }
        if index.mayHaveEnded(claim.owner, claim.holding, where: isInTime) { return true }
        guard case .name = resource else { return false }
        return index.mayHaveChanged(claim.owner, claim.holding, where: isInTime)
    }
}
