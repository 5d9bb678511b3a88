import NetworkModel

/// Finds the operations that may have done something.
struct OperationIndex: Sendable {
    private let operations: [Operation]
    private var claiming: [Owner: [Int]] = [:]
    private var ending: [Subject: [Int]] = [:]
    private var changing: [Subject: [Int]] = [:]

    /// What an authority is looked for by.
    private enum Subject: Hashable {
        case owner(Owner)
        case node(NodeID)
        case network(NetworkID)

        init(_ authority: Authority) {
            switch authority {
            case .owner(let owner): self = .owner(owner)
            case .deadNode(let node), .reservations(let node): self = .node(node)
            case .earlierLives(let life): self = .node(life.node)
            case .network(let network): self = .network(network)
            }
        }

        /// Those whose authorities may cover an owner.
        static func all(of owner: Owner, _ holding: Holding) -> [Subject] {
            [.owner(owner), .network(holding.network)] + (holding.life.map { [.node($0.node)] } ?? [])
        }
    }

    init(_ operations: [Operation]) {
        self.operations = operations
        for (index, operation) in operations.enumerated() {
            if let owner = operation.claims { claiming[owner, default: []].append(index) }
            guard operation.mayBeDone else { continue }
            for authority in operation.ends { ending[Subject(authority), default: []].append(index) }
            for authority in operation.changes { changing[Subject(authority), default: []].append(index) }
        }
    }

    /// All operations that ask for an owner to be made, refused ones too.
    func claims(of owner: Owner) -> [Operation] {
        claiming[owner, default: []].map { operations[$0] }
    }

    /// Whether some operation, such as is looked for, may have ended an owner.
    func mayHaveEnded(
        _ owner: Owner, _ holding: Holding, where isMeant: (Operation, Authority) -> Bool = { _, _ in true }
    ) -> Bool {
        contains(ending, owner, holding, \.ends, isMeant)
    }

    /// Whether some operation, such as is looked for, may have changed what an owner has.
    func mayHaveChanged(
        _ owner: Owner, _ holding: Holding, where isMeant: (Operation, Authority) -> Bool = { _, _ in true }
    ) -> Bool {
        contains(changing, owner, holding, \.changes, isMeant)
    }

    private func contains(
        _ index: [Subject: [Int]], _ owner: Owner, _ holding: Holding, _ authorities: KeyPath<Operation, [Authority]>,
        _ isMeant: (Operation, Authority) -> Bool
    ) -> Bool {
        Subject.all(of: owner, holding).contains { subject in
            index[subject, default: []].contains { number in
                let operation = operations[number]
                return operation[keyPath: authorities].contains { $0.covers(owner, holding) && isMeant(operation, $0) }
            }
        }
    }
}
