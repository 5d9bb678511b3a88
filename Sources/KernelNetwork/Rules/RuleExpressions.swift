/// The expressions of libnftables-json(5) that our rules are made of, in the form in which they are listed, too.
extension JSONValue {
    private static func match(_ left: JSONValue, _ comparison: String, _ right: JSONValue) -> JSONValue {
        .object(["match": .object(["op": .text(comparison), "left": left, "right": right])])
    }

    private static func meta(_ key: String) -> JSONValue { .object(["meta": .object(["key": .text(key)])]) }
    private static func ct(_ key: String) -> JSONValue { .object(["ct": .object(["key": .text(key)])]) }

    static func field(_ header: String, _ name: String) -> JSONValue {
        .object(["payload": .object(["protocol": .text(header), "field": .text(name)])])
    }

    static func concatenation(_ parts: [JSONValue]) -> JSONValue { .object(["concat": .array(parts)]) }

    /// What the packet's device is compared with; a trailing `*` stands for the rest of a name.
    static func device(_ key: String, _ comparison: String, _ name: String) -> JSONValue { match(meta(key), comparison, .text(name)) }

    static func verdict(_ name: String) -> JSONValue { .object([name: .null]) }

    static func isFamily(_ name: String) -> JSONValue { match(meta("nfproto"), "==", .text(name)) }

    static let transport = meta("l4proto")

    /// The packet is of a connection whose destination was translated, whichever way it goes.
    static let isTranslated = match(ct("status"), "in", .text("dnat"))
    static let isReply = match(ct("direction"), "==", .text("reply"))

    static let isForOthers = match(
        .object(["fib": .object(["result": .text("type"), "flags": .array([.text("daddr")])])]), "!=", .text("local"))

    /// A packet's source (`saddr`) or destination (`daddr`) is an IPv4 loopback address.
    static func isLoopback(_ end: String) -> JSONValue {
        match(field("ip", end), "==", .object(["prefix": .object(["addr": .text("127.0.0.0"), "len": .integer(8)])]))
    }

    static let isForLoopback6 = match(field("ip6", "daddr"), "==", .text("::1"))

    static func translation(_ family: String, _ address: JSONValue, _ port: JSONValue) -> JSONValue {
        .object(["dnat": .object(["family": .text(family), "addr": address, "port": port])])
    }

    static func lookup(_ key: JSONValue, in map: String) -> JSONValue {
        .object(["map": .object(["key": key, "data": .text("@\(map)")])])
    }

    /// With every `flags` as a list: nftables since 1.1.1 lists a single one by itself.
    var withListedFlags: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.withListedFlags))
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in
                        if key == "flags", value.text != nil { (key, .array([value])) } else { (key, value.withListedFlags) }
                    }))
        default: self
        }
    }
}
