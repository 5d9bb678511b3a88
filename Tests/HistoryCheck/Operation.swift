public import NetworkModel

/// What a client asked of the catalog, and how that ended.
public struct Operation: Sendable, CustomStringConvertible {
    public enum Outcome: Sendable {
        case acknowledged(Acknowledgement)
        /// It was not carried out, and will not be.
        case refused(String)
        /// It may have been carried out, or may be yet.
        case unknown(String)
    }

    public let client: Int
    /// For people, such as `attach c3`.
    public let what: String
    /// Whom it makes an owner, if it is carried out.
    public let claims: Owner?
    /// What of others it may change.
    public let changes: [Authority]
    /// What it may end.
    public let ends: [Authority]
    /// When it began and ended, in ticks of one counter for all clients; nil if it never ended.
    public var invoked = 0
    public var completed: Int?
    public var outcome = Outcome.unknown("it never ended")

    public init(client: Int, what: String, claims: Owner? = nil, changes: [Authority] = [], ends: [Authority] = []) {
        self.client = client
        self.what = what
        self.claims = claims
        self.changes = changes
        self.ends = ends
    }

    /// Whether it may have done something.
    var mayBeDone: Bool {
        if case .refused = outcome { false } else { true }
    }

    var acknowledgement: Acknowledgement? {
        if case .acknowledged(let acknowledgement) = outcome { acknowledgement } else { nil }
    }

    public var description: String {
        let end = completed.map { "…\($0)" } ?? "…"
        return "\(invoked)\(end) client \(client): \(what): \(outcomeText)"
    }

    private var outcomeText: String {
        switch outcome {
        case .acknowledged(let told):
            "ok" + (told.revision.map { " at revision \($0)" } ?? "") + (told.holding.map { ", \($0)" } ?? "")
        case .refused(let why): "refused, \(why)"
        case .unknown(let why): "unknown, \(why)"
        }
    }
}

/// What a client was told of an operation that was carried out.
public struct Acknowledgement: Hashable, Sendable {
    /// The store's revision that did it; nil if it is not known.
    public let revision: Int64?
    /// What the owner has since then.
    public let holding: Holding?

    public init(revision: Int64? = nil, holding: Holding? = nil) {
        self.revision = revision
        self.holding = holding
    }
}

/// Whose things an operation may touch.
public enum Authority: Hashable, Sendable {
    case owner(Owner)
    /// All that a node has, as long as the node has no record.
    case deadNode(NodeID)
    /// What earlier lives of a node have.
    case earlierLives(than: NodeLife)
    /// What a node has reserved.
    case reservations(of: NodeID)
    /// A network, and what is reserved in it.
    case network(NetworkID)

    func covers(_ owner: Owner, _ holding: Holding) -> Bool {
        switch self {
        case .owner(let one): one == owner
        case .deadNode(let node): holding.life?.node == node
        case .earlierLives(let life): holding.life.map { $0.node == life.node && $0.epoch < life.epoch } ?? false
        case .reservations(let node): owner.isReservation && holding.life?.node == node
        case .network(let network): owner == .network(network) || owner.isReservation && holding.network == network
        }
    }
}

extension Owner {
    var isReservation: Bool {
        if case .reservation = self { true } else { false }
    }
}
