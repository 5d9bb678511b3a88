/// How packet rules are laid out in nftables, and how they are recognised there. Each rule's comment says which of the sets it is from
/// and which device, so that the sets can be read back; then the whole is laid out again and compared.
struct RuleLayout: Equatable {
    static let family = "inet"
    static let table = "skein"

    private static let forward = "forward"
    private static let postrouting = "postrouting"

    /// What a rule is for: the first word of its comment.
    private enum Purpose: String {
        case isolate
        case accept
        case masqueradeOut = "masquerade-out"
        case masqueradeFrom = "masquerade-from"
    }

    /// The objects of the table, as `list table` gives them, without handles.
    let objects: [JSONValue]

    init(_ rules: PacketRules) {
        objects = [Self.tableObject, Self.forwardChain, Self.postroutingChain] + Self.forwardRules(rules) + Self.postroutingRules(rules)
    }

    /// - Parameter listed: what `list table` gave.
    init(listed: [JSONValue]) {
        objects = listed.map { object in
            guard case .object(let members) = object else { return object }
            return .object(members.mapValues(\.withoutHandle))
        }
    }

    /// The rules that make this layout, or nil if none do.
    var rules: PacketRules? {
        var rules = PacketRules()
        for object in objects {
            guard let rule = object["rule"] else { continue }
            guard let words = rule["comment"]?.text?.split(separator: " "), words.count == 2,
                let purpose = Purpose(rawValue: String(words[0]))
            else { return nil }
            let device = String(words[1])
            switch purpose {
            case .isolate: rules.isolate.insert(device)
            case .accept: rules.acceptForwarding.insert(device)
            case .masqueradeOut: rules.masqueradeOut.insert(device)
            case .masqueradeFrom: rules.masqueradeFrom.insert(device)
            }
        }
        return RuleLayout(rules) == self ? rules : nil
    }

    /// The commands that make it, where there is no table.
    var commands: [JSONValue] { objects.map { .object(["add": $0]) } }

    // MARK: Objects

    static let tableObject = JSONValue.object(["table": .object(["family": .text(family), "name": .text(table)])])

    private static let forwardChain = chain(forward, type: "filter", hook: "forward", priority: 0)
    /// The priority of source translation: NF_IP_PRI_NAT_SRC.
    private static let postroutingChain = chain(postrouting, type: "nat", hook: "postrouting", priority: 100)

    private static func chain(_ name: String, type: String, hook: String, priority: Int) -> JSONValue {
        .object([
            "chain": .object([
                "family": .text(family), "table": .text(table), "name": .text(name), "type": .text(type), "hook": .text(hook),
                "prio": .integer(priority), "policy": .text("accept"),
            ])
        ])
    }

    private static func rule(_ purpose: Purpose, _ device: String, in chain: String, _ expressions: [JSONValue]) -> JSONValue {
        .object([
            "rule": .object([
                "family": .text(family), "table": .text(table), "chain": .text(chain),
                "comment": .text("\(purpose.rawValue) \(device)"), "expr": .array(expressions),
            ])
        ])
    }

    // MARK: Rules

    private static func forwardRules(_ rules: PacketRules) -> [JSONValue] {
        let isolated = rules.isolate.sorted()
        let drops = isolated.flatMap { from in
            isolated.map { to in
                rule(.isolate, from, in: forward, [.device("iifname", "==", from), .device("oifname", "==", to), .verdict("drop")])
            }
        }
        return drops
            + rules.acceptForwarding.sorted().flatMap { device in acceptances(of: device).map { rule(.accept, device, in: forward, $0) } }
    }

    /// What is accepted for a device that forwards.
    static func acceptances(of device: String) -> [[JSONValue]] {
        ["iifname", "oifname"].map { [.device($0, "==", device), .verdict("accept")] }
    }

    private static func postroutingRules(_ rules: PacketRules) -> [JSONValue] {
        let out = rules.masqueradeOut.sorted().map { device in
            rule(
                .masqueradeOut, device, in: postrouting,
                [.device("iifname", "!=", device), .device("oifname", "==", device), .verdict("masquerade")])
        }
        let sources = rules.masqueradeFrom.sorted()
        let elsewhere = sources.map { JSONValue.device("oifname", "!=", $0) }
        return out
            + sources.map { device in
                rule(.masqueradeFrom, device, in: postrouting, [.device("iifname", "==", device)] + elsewhere + [.verdict("masquerade")])
            }
    }
}

extension JSONValue {
    /// A comparison of the name of a packet's device; a trailing `*` stands for the rest.
    fileprivate static func device(_ key: String, _ comparison: String, _ name: String) -> JSONValue {
        .object([
            "match": .object([
                "op": .text(comparison), "left": .object(["meta": .object(["key": .text(key)])]), "right": .text(name),
            ])
        ])
    }

    fileprivate static func verdict(_ name: String) -> JSONValue { .object([name: .null]) }
}
