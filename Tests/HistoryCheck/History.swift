public import NetworkModel

/// What the store's own history tells of one revision.
public struct StoreStep: Sendable {
    public let revision: Int64
    /// Owners' records that were written, or by nil deleted.
    public var owners: [Owner: Holding?] = [:]
    /// Claims that were written, with whom they name, or by nil deleted.
    public var deeds: [Resource: Owner?] = [:]
    /// Nodes' records that were written, with their epoch, or by nil deleted.
    public var nodes: [NodeID: Epoch?] = [:]
    /// Whether revisions before this one were not seen: it then tells of all of them together.
    public var isJump = false

    public init(_ revision: Int64) {
        self.revision = revision
    }
}

/// What clients did at once, and what became of it.
public struct History: Sendable {
    public var operations: [Operation]
    /// In the order of their revisions.
    public var steps: [StoreStep]
    /// Who has what when all is over, as one linearizable read tells it.
    public var end: [Owner: Holding]

    public init(operations: [Operation], steps: [StoreStep], end: [Owner: Holding]) {
        self.operations = operations
        self.steps = steps
        self.end = end
    }

    /// What cannot be, in the order of the rules; none of a sound history.
    public func violations() -> [Violation] {
        var replay = StoreReplay(explainedBy: OperationIndex(operations))
        for step in steps { replay.take(step) }
        replay.checkEnd(end)
        let acknowledgements = AcknowledgementCheck(operations, replay: replay, end: end)
        let ownership = ToldOwnership(operations)
        return replay.violations + acknowledgements.violations() + ownership.violations()
    }
}

/// Something that contradicts the catalog's promises.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
    public enum Rule: String, Hashable, Sendable {
        /// Something has two owners at one revision.
        case twoOwners = "two owners"
        /// A claim names somebody who does not have it, or somebody has what no claim names him for.
        case claimAndOwnerDiffer = "claim and owner differ"
        /// What had ended is there again.
        case resurrected
        /// An owner came, changed or went, and no operation can have done it.
        case unexplained
        /// A life of a node that was over, or had not begun, wrote.
        case notFenced = "not fenced"
        /// What was acknowledged is not there.
        case lostClaim = "lost claim"
        /// What was released is still there.
        case lostRelease = "lost release"
        /// What was refused was done.
        case refusedAndDone = "refused and done"
        /// A later operation was done at an earlier revision.
        case wentBack = "went back"
        /// The read at the end contradicts the store's history.
        case otherEnd = "other end"
    }

    public let rule: Rule
    public let text: String

    public init(_ rule: Rule, _ text: String) {
        self.rule = rule
        self.text = text
    }

    public var description: String { "\(rule.rawValue): \(text)" }
}
