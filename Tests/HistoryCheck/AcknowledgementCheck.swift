/// Holds what clients were told against what the store has.
struct AcknowledgementCheck {
    private let operations: [Operation]
    private let index: OperationIndex
    private let replay: StoreReplay
    private let end: [Owner: Holding]

    init(_ operations: [Operation], replay: StoreReplay, end: [Owner: Holding]) {
        self.operations = operations
        self.replay = replay
        self.end = end
        index = OperationIndex(operations)
    }

    func violations() -> [Violation] {
        operations.flatMap { operation -> [Violation] in
            guard let told = operation.acknowledgement else { return refused(operation) }
            return claimed(operation, told) + released(operation)
        } + wentBack()
    }

    private func refused(_ operation: Operation) -> [Violation] {
        guard let owner = operation.claims, end[owner] != nil, !index.claims(of: owner).contains(where: \.mayBeDone) else { return [] }
        return [Violation(.refusedAndDone, "\(owner) is there in the end; \(operation)")]
    }

    private func claimed(_ operation: Operation, _ told: Acknowledgement) -> [Violation] {
        guard let holding = told.holding, let owner = operation.subject else { return [] }
        var result: [Violation] = []
        if let revision = told.revision, case .some(let actual) = replay.holding(of: owner, at: revision), actual != holding {
            result.append(Violation(.lostClaim, "the store has \(actual?.description ?? "nothing") of \(owner) then; \(operation)"))
        }
        let found = end[owner]
        if found == nil, !index.mayHaveEnded(owner, holding) {
            result.append(Violation(.lostClaim, "\(owner) is gone in the end, and nobody has ended it; \(operation)"))
        } else if let found, !found.resources.isSuperset(of: lasting(holding, of: owner)) {
            result.append(Violation(.lostClaim, "\(owner) has only \(found) in the end; \(operation)"))
        }
        return result
    }

    /// What nobody can have changed: a name may be another by the end.
    private func lasting(_ holding: Holding, of owner: Owner) -> Set<Resource> {
        guard index.mayHaveChanged(owner, holding) else { return holding.resources }
        return holding.resources.filter { if case .name = $0 { false } else { true } }
    }

    private func released(_ operation: Operation) -> [Violation] {
        operation.ends.compactMap { authority in
            guard case .owner(let owner) = authority, let found = end[owner] else { return nil }
            return Violation(.lostRelease, "\(owner) has \(found) in the end; \(operation)")
        }
    }

    /// What begins after another operation was acknowledged is done at a later revision.
    private func wentBack() -> [Violation] {
        let told = operations.filter { $0.acknowledgement?.revision != nil && $0.completed != nil }
        let byEnd = told.sorted { ($0.completed ?? 0) < ($1.completed ?? 0) }
        var ended = byEnd[...]
        var latest: Operation?
        var result: [Violation] = []
        for operation in told.sorted(by: { $0.invoked < $1.invoked }) {
            while let first = ended.first, let completed = first.completed, completed < operation.invoked {
                ended.removeFirst()
                if first.revision > latest?.revision ?? 0 { latest = first }
            }
            if operation.alwaysWrites, let latest, operation.revision <= latest.revision {
                result.append(Violation(.wentBack, "\(operation); and before: \(latest)"))
            }
        }
        return result
    }
}

extension Operation {
    /// Whose holding the acknowledgement tells.
    var subject: Owner? {
        if let claims { return claims }
        guard case .owner(let owner)? = changes.first else { return nil }
        return owner
    }

    fileprivate var revision: Int64 { acknowledgement?.revision ?? 0 }

    /// Whether it cannot be acknowledged with the revision of something that was there before. A change may be none.
    fileprivate var alwaysWrites: Bool {
        claims != nil || ends.contains { if case .owner = $0 { true } else { false } }
    }
}
