import NetworkModel

extension NameZone {
    /// Answers a question as far as the asker may see: the networks of its sandbox and no other.
    ///
    /// - Parameters:
    ///   - name: the name asked for, ASCII letters in lower case, without the final dot; empty for the root.
    ///   - rotation: where an answer of several addresses begins, modulo their number.
    public func answer(_ name: String, _ type: RecordType, for asker: Asker, rotation: Int = 0) -> NameAnswer {
        let asked = networks[asker.network] ?? NetworkNames()
        let members = members(asker, in: asked)
        // One membership is the network that is asked in: the usual case costs no further look-up.
        let scope = members.count < 2 ? [asked] : members.compactMap { networks[$0.network] }
        if let address = ReverseName.address(of: name), scope.contains(where: { $0.contains(address) }) {
            return reverse(address, type, in: scope)
        }
        switch linked(name, by: members) ?? forward(name, in: scope) {
        case .held(let holders): return records(type, of: holders, rotation: rotation)
        case .nobody: return absence(of: name, type, in: scope)
        case .unheld: return .absent
        case .unread: return .unknown
        }
    }

    /// The memberships of the sandbox that asks, in the order of its interfaces. An address that no endpoint of this node has, such as
    /// the host's, has none and sees the network it asks in.
    private func members(_ asker: Asker, in asked: NetworkNames) -> [Memberships.Entry] {
        guard let owner = asked.holders(of: asker.address)?.first(where: { $0.node == node }) else { return [] }
        return memberships[owner.sandbox]
    }

    private enum Found {
        case held([Holder])
        /// Ours, and no living endpoint has it.
        case unheld
        case nobody
        /// Not found among what has been read so far.
        case unread
    }

    /// What the asker's own links say of a name, before anything else does: nil when they say nothing. A link makes the name ours, also
    /// while nobody has the name that it leads to.
    private func linked(_ name: String, by members: [Memberships.Entry]) -> Found? {
        var result: Found?
        for member in members where !member.links.isEmpty {
            guard let network = networks[member.network], let target = network.target(of: name, in: member.links) else { continue }
            switch forward(target, in: [network]) {
            case .held(let holders): return .held(holders)
            case .unheld: result = .unheld
            case .nobody, .unread: result = network.isInSync ? .unheld : .unread
            }
        }
        return result
    }

    /// The first network that knows a living holder decides, so that two containers of one name on two networks are never mixed.
    private func forward(_ name: String, in scope: [NetworkNames]) -> Found {
        var result = Found.nobody
        for network in scope {
            guard let holders = network.holders(of: name) else { continue }
            if holders.allSatisfy(isAnswered) { return .held(holders) }
            let living = holders.filter(isAnswered)
            if !living.isEmpty { return .held(living) }
            result = .unheld
        }
        return result
    }

    private func isAnswered(_ holder: Holder) -> Bool {
        holder.node == node || nodes.contains(holder.node)
    }

    private func records(_ type: RecordType, of holders: [Holder], rotation: Int) -> NameAnswer {
        switch type {
        case .a: return addresses(.v4, of: holders, rotation: rotation) ?? .noData
        case .aaaa: return addresses(.v6, of: holders, rotation: rotation) ?? .noData
        // One record set is enough of an answer (RFC 8482 section 4.1).
        case .any:
            return addresses(.v4, of: holders, rotation: rotation) ?? addresses(.v6, of: holders, rotation: rotation) ?? .noData
        default: return .noData
        }
    }

    private func addresses(_ family: IPFamily, of holders: [Holder], rotation: Int) -> NameAnswer? {
        guard holders.count > 1 else {
            return holders.first.flatMap { $0.addresses(family).isEmpty ? nil : .addresses($0.addresses(family)) }
        }
        let all = holders.flatMap { $0.addresses(family) }
        guard !all.isEmpty else { return nil }
        let start = Int(rotation.magnitude % UInt(all.count))
        return .addresses(Array(all[start...] + all[..<start]))
    }

    /// An address of the asker's networks: never asked of anybody else, whoever has it (lesson 28).
    private func reverse(_ address: IPAddress, _ type: RecordType, in scope: [NetworkNames]) -> NameAnswer {
        for network in scope {
            guard let holders = network.holders(of: address)?.filter(isAnswered), !holders.isEmpty else { continue }
            return type == .ptr || type == .any ? .pointers(holders.map { Self.canonicalName(of: $0, in: network) }) : .noData
        }
        return scope.allSatisfy(\.isInSync) ? .absent : .unknown
    }

    private static func canonicalName(of holder: Holder, in network: NetworkNames) -> String {
        guard let facts = network.record, facts.suffix != nil else { return holder.name.rawValue }
        return "\(holder.name).\(facts.name)"
    }

    /// A name nobody has: ours when it is unqualified or below one of the networks' names, else somebody else's.
    private func absence(of name: String, _ type: RecordType, in scope: [NetworkNames]) -> NameAnswer {
        guard scope.allSatisfy({ $0.record != nil }) else { return .unknown }
        let isOurs = FoldedName.isUnqualified(name) && !type.concernsZones || scope.contains { $0.covers(name) }
        guard isOurs else {
            return scope.allSatisfy { $0.record?.isInternal == true } ? .foreignFromInternal : .foreign
        }
        guard scope.allSatisfy(\.isInSync) else { return .unknown }
        // Names stand below it, so it exists (RFC 8020).
        return scope.contains { $0.record?.suffix == name } ? .noData : .absent
    }
}
