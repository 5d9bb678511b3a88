import NetworkModel

/// How packet rules are laid out in nftables, and how they are recognised there. Each rule's comment says which of the sets it is from
/// and which device, so that the sets can be read back; then the whole is laid out again and compared. Port translations are read back
/// from the maps that the rules look them up in.
struct RuleLayout: Equatable {
    static let family = "inet"
    static let table = "skein"

    /// What a rule is for: the first word of its comment.
    private enum Purpose: String {
        case guarding = "guard"
        case translate
        case isolate
        case accept
        case masqueradeOut = "masquerade-out"
        case masqueradeFrom = "masquerade-from"
        case masqueradeInto = "masquerade-into"
    }

    /// The objects of the table, as `list table` gives them, without handles and without the maps' elements.
    let objects: [JSONValue]
    /// What is in the maps, by their names.
    private let elements: [String: [JSONValue]]

    init(_ rules: PacketRules) {
        let groups = Self.groups(rules)
        objects =
            [Self.tableObject] + groups.flatMap(\.maps) + Self.chains(rules) + Self.guardRules(rules) + Self.translationRules(rules)
            + Self.forwardRules(rules) + Self.postroutingRules(rules)
        elements = groups.reduce(into: [:]) { $0.merge($1.elements(rules.translations)) { $1 } }
    }

    /// - Parameter listed: what `list table` gave.
    init(listed: [JSONValue]) {
        var elements: [String: [JSONValue]] = [:]
        objects = listed.map { object in
            guard case .object(let members) = object else { return object }
            if case .object(var map)? = members["map"], case .array(let values)? = map.removeValue(forKey: "elem"),
                let name = map["name"]?.text
            {
                elements[name] = values
                return .object(["map": JSONValue.object(map).withoutHandle])
            }
            return .object(members.mapValues(\.withoutHandle.withListedFlags))
        }
        self.elements = elements
    }

    static func == (one: RuleLayout, other: RuleLayout) -> Bool {
        one.objects == other.objects && one.translations == other.translations
    }

    /// nil if the maps hold something that we do not write.
    private var translations: [PortArrival: PortDestination]? {
        var all: [PortArrival: PortDestination] = [:]
        for group in TranslationGroup.all {
            guard let translations = group.translations(elements) else { return nil }
            all.merge(translations) { $1 }
        }
        return all
    }

    /// The rules that make this layout, or nil if none do.
    var rules: PacketRules? {
        guard let translations else { return nil }
        var rules = PacketRules(translations: translations)
        for object in objects {
            guard let rule = object["rule"] else { continue }
            guard let words = rule["comment"]?.text?.split(separator: " "), words.count == 2,
                let purpose = Purpose(rawValue: String(words[0]))
            else { return nil }
            let device = String(words[1])
            switch purpose {
            case .translate: break
            case .isolate: rules.isolate.insert(device)
            case .accept: rules.acceptForwarding.insert(device)
            case .masqueradeOut: rules.masqueradeOut.insert(device)
            case .masqueradeFrom: rules.masqueradeFrom.insert(device)
            case .guarding, .masqueradeInto: rules.translateInto.insert(device)
            }
        }
        return RuleLayout(rules) == self ? rules : nil
    }

    /// The commands that make it, where there is no table.
    var commands: [JSONValue] {
        objects.map { object in
            guard case .object(var map)? = object["map"], let values = elements[map["name"]?.text ?? ""] else {
                return .object(["add": object])
            }
            map["elem"] = .array(values)
            return .object(["add": .object(["map": .object(map)])])
        }
    }

    // MARK: Chains

    static let tableObject = JSONValue.object(["table": .object(["family": .text(family), "name": .text(table)])])

    private enum Chain: String {
        case arrival
        case prerouting
        case output
        case forward
        case postrouting

        /// The priorities are those of linux/netfilter_ipv4.h: before connections are tracked, of destination translation, of filters,
        /// and of source translation.
        var object: JSONValue {
            switch self {
            case .arrival: object(type: "filter", hook: "prerouting", priority: -300)
            case .prerouting, .output: object(type: "nat", hook: rawValue, priority: -100)
            case .forward: object(type: "filter", hook: rawValue, priority: 0)
            case .postrouting: object(type: "nat", hook: rawValue, priority: 100)
            }
        }

        private func object(type: String, hook: String, priority: Int) -> JSONValue {
            .object([
                "chain": .object([
                    "family": .text(family), "table": .text(table), "name": .text(rawValue), "type": .text(type), "hook": .text(hook),
                    "prio": .integer(priority), "policy": .text("accept"),
                ])
            ])
        }
    }

    private static func chains(_ rules: PacketRules) -> [JSONValue] {
        let guarding: [Chain] = rules.translateInto.isEmpty ? [] : [.arrival]
        let translating: [Chain] = rules.translations.isEmpty ? [] : [.prerouting, .output]
        return (guarding + translating + [.forward, .postrouting]).map(\.object)
    }

    private static func rule(_ purpose: Purpose, _ device: String, in chain: Chain, _ expressions: JSONValue...) -> JSONValue {
        rule(purpose, device, in: chain, expressions)
    }

    private static func rule(_ purpose: Purpose, _ device: String, in chain: Chain, _ expressions: [JSONValue]) -> JSONValue {
        .object([
            "rule": .object([
                "family": .text(family), "table": .text(table), "chain": .text(chain.rawValue),
                "comment": .text("\(purpose.rawValue) \(device)"), "expr": .array(expressions),
            ])
        ])
    }

    // MARK: Rules

    private static func guardRules(_ rules: PacketRules) -> [JSONValue] {
        rules.translateInto.sorted().flatMap { device in
            ["saddr", "daddr"].map { end in
                rule(.guarding, device, in: .arrival, .device("iifname", "==", device), .isLoopback(end), .verdict("drop"))
            }
        }
    }

    private static func groups(_ rules: PacketRules) -> [TranslationGroup] {
        let groups = Set(rules.translations.keys.map { TranslationGroup(of: $0) })
        return TranslationGroup.all.filter(groups.contains)
    }

    /// What names an address comes before what is for any. IPv6 has no way back to its loopback address from another device: who tries
    /// it, as many do first, is refused at once and goes on to the IPv4 one.
    private static func translationRules(_ rules: PacketRules) -> [JSONValue] {
        guard !rules.translations.isEmpty else { return [] }
        return [Chain.prerouting, .output].flatMap { chain in
            [
                rule(.translate, "local", in: chain, .isForOthers, .verdict("return")),
                rule(.translate, "loopback", in: chain, .isForLoopback6, .verdict("return")),
            ]
                + groups(rules).map { rule(.translate, $0.name, in: chain, $0.expressions) }
        }
    }

    private static func forwardRules(_ rules: PacketRules) -> [JSONValue] {
        let isolated = rules.isolate.sorted()
        let elsewhere = isolated.map { JSONValue.device("iifname", "!=", $0) }
        let isolation = isolated.flatMap { device in
            let into = JSONValue.device("oifname", "==", device)
            return [
                rule(.isolate, device, in: .forward, into, .isTranslated, .verdict("accept")),
                rule(.isolate, device, in: .forward, elsewhere + [into, .isReply, .verdict("accept")]),
                rule(.isolate, device, in: .forward, into, .verdict("drop")),
            ]
        }
        return isolation
            + rules.acceptForwarding.sorted().flatMap { device in acceptances(of: device).map { rule(.accept, device, in: .forward, $0) } }
    }

    /// What is accepted for a device that forwards.
    static func acceptances(of device: String) -> [[JSONValue]] {
        ["iifname", "oifname"].map { [.device($0, "==", device), .verdict("accept")] }
    }

    private static func postroutingRules(_ rules: PacketRules) -> [JSONValue] {
        let out = rules.masqueradeOut.sorted().map { device in
            rule(
                .masqueradeOut, device, in: .postrouting, .device("iifname", "!=", device), .device("oifname", "==", device),
                .verdict("masquerade"))
        }
        let sources = rules.masqueradeFrom.sorted()
        let elsewhere = sources.map { JSONValue.device("oifname", "!=", $0) }
        let from = sources.map { device in
            rule(.masqueradeFrom, device, in: .postrouting, [.device("iifname", "==", device)] + elsewhere + [.verdict("masquerade")])
        }
        let inner = rules.translateInto.sorted()
        let into = inner.flatMap { device in
            (inner.map { JSONValue.device("iifname", "==", $0) } + [.isLoopback("saddr")]).map { origin in
                rule(
                    .masqueradeInto, device, in: .postrouting, .device("oifname", "==", device), origin, .isTranslated,
                    .verdict("masquerade"))
            }
        }
        return out + from + into
    }
}
