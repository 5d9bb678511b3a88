/// The chains of iptables (as iptables-nft keeps them) where forwarded packets are dropped unless a rule accepts them: Docker sets the
/// policy of `FORWARD` to drop, and leaves `DOCKER-USER` to others.
///
/// A verdict of our own table does not help there: each table's chain on a hook decides for itself.
struct ForeignChains {
    /// What our rules in them are recognised by.
    private static let comment = "skein"
    private static let table = "filter"
    private static let chains = ["DOCKER-USER", "FORWARD"]
    private static let operation = "cannot read the packet rules of iptables in"

    private struct Chain: Hashable {
        let family: String
        let name: String
    }

    /// Where rules have to be: one chain a family at most.
    private var targets: [Chain] = []
    /// The rules that are ours.
    private(set) var acceptances: [JSONValue] = []

    init(_ engine: borrowing RuleEngine, _ place: KernelNamespace) throws(KernelError) {
        let present = try engine.list("list chains", "\(Self.operation) \(place)").compactMap { $0["chain"] }
        for family in ["ip", "ip6"] {
            let candidates = present.filter { chain in
                chain["family"]?.text == family && chain["table"]?.text == Self.table && Self.chains.contains(chain["name"]?.text ?? "")
            }
            if let target = Self.target(candidates) { targets.append(Chain(family: family, name: target)) }
            for chain in candidates.compactMap({ $0["name"]?.text }) {
                let rules = try engine.list("list chain \(family) \(Self.table) \(chain)", "\(Self.operation) \(place)")
                acceptances += rules.compactMap { $0["rule"] }.filter { $0["comment"]?.text == Self.comment }
            }
        }
    }

    /// `DOCKER-USER` if it is there, else `FORWARD` if it drops by policy.
    private static func target(_ candidates: [JSONValue]) -> String? {
        if candidates.contains(where: { $0["name"]?.text == "DOCKER-USER" }) { return "DOCKER-USER" }
        return candidates.contains { $0["policy"]?.text == "drop" } ? "FORWARD" : nil
    }

    /// Whether exactly what has to be there is there.
    func accept(exactly devices: Set<String>) -> Bool {
        acceptances.map(\.withoutHandle).elementsEqual(wanted(for: devices), by: ==)
    }

    /// The commands that bring the chains there.
    func commands(toAccept devices: Set<String>) -> [JSONValue] {
        let deletions = acceptances.map { rule in
            JSONValue.object(["delete": .object(["rule": rule.reference])])
        }
        // Each is inserted before those that were.
        return deletions + wanted(for: devices).reversed().map { .object(["insert": .object(["rule": $0])]) }
    }

    private func wanted(for devices: Set<String>) -> [JSONValue] {
        targets.flatMap { chain in
            devices.sorted().flatMap(RuleLayout.acceptances).map { expressions in
                .object([
                    "family": .text(chain.family), "table": .text(Self.table), "chain": .text(chain.name),
                    "comment": .text(Self.comment), "expr": .array(expressions),
                ])
            }
        }
    }
}

extension JSONValue {
    /// What names a rule in a command.
    fileprivate var reference: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { ["family", "table", "chain", "handle"].contains($0.key) })
    }
}
