import NetworkModel

/// The packet rules of the namespace that the calling thread is in; the thread has descriptors of its own.
struct RuleTables {
    let place: KernelNamespace

    /// Replaces everything of ours in one transaction.
    func set(_ rules: PacketRules?) throws(KernelError) {
        if let name = rules?.unusableName {
            throw KernelError(.ruleset, "cannot set the packet rules of \(place): \"\(name)\" is no name of a device")
        }
        let operation = "cannot set the packet rules of \(place)"
        try RuleEngine.use { engine throws(KernelError) in
            let foreign = try ForeignChains(engine, place)
            let hasTable = try hasTable(engine)
            guard rules != nil || hasTable || !foreign.acceptances.isEmpty else { return }
            // Adding a table that is there is no error, deleting one that is not would be.
            var commands: [JSONValue] = [.object(["add": RuleLayout.tableObject]), .object(["delete": RuleLayout.tableObject])]
            if let rules { commands += RuleLayout(rules).commands }
            commands += foreign.commands(toAccept: rules?.acceptForwarding ?? [])
            try engine.run(commands, operation)
        }
    }

    /// - Returns: nil if there is nothing of ours; ``PacketRules/unrecognised`` if what there is was made by somebody else.
    func get() throws(KernelError) -> PacketRules? {
        try RuleEngine.use { engine throws(KernelError) in
            let foreign = try ForeignChains(engine, place)
            guard try hasTable(engine) else { return foreign.acceptances.isEmpty ? nil : .unrecognised }
            let listed = try engine.list("list table \(RuleLayout.family) \(RuleLayout.table)", "cannot read the packet rules of \(place)")
            guard let rules = RuleLayout(listed: listed).rules, foreign.accept(exactly: rules.acceptForwarding) else {
                return .unrecognised
            }
            return rules
        }
    }

    private func hasTable(_ engine: borrowing RuleEngine) throws(KernelError) -> Bool {
        try engine.list("list tables", "cannot read the packet rules of \(place)").contains {
            $0["table"]?["family"]?.text == RuleLayout.family && $0["table"]?["name"]?.text == RuleLayout.table
        }
    }

    /// What the kernel lacks to hold such rules, in words for a message, or nil.
    func missingFeature() -> String? {
        do throws(KernelError) {
            let arrivals = IPFamily.allCases.map { PortArrival(.tcp, IPAddress(family: $0, bits: 0), port: 1) }
            try set(
                PacketRules(
                    masqueradeOut: ["lo"], acceptForwarding: ["lo"], isolate: ["sk*"], masqueradeFrom: ["sk*"],
                    translations: Dictionary(
                        uniqueKeysWithValues: arrivals.map { ($0, PortDestination($0.address.successor ?? $0.address, port: 1)) }),
                    translateInto: ["sk*"]))
            return nil
        } catch {
            return """
                nftables with address translation (CONFIG_NF_TABLES_INET, CONFIG_NFT_CT, CONFIG_NFT_NAT, CONFIG_NFT_MASQ, \
                CONFIG_NFT_FIB_INET; \(error.message))
                """
        }
    }
}

extension PacketRules {
    /// What no rules that can be set are equal to: no device has such a name.
    static let unrecognised = PacketRules(isolate: ["/"])

    /// A name that no device can have, or nil.
    fileprivate var unusableName: String? {
        masqueradeOut.union(acceptForwarding).union(isolate).union(masqueradeFrom).union(translateInto).first { name in
            !(1...15).contains(name.utf8.count) || name.utf8.contains { $0 <= 0x20 || $0 == 0x2f || $0 == 0x22 || $0 == 0x5c || $0 == 0x7f }
        }
    }
}
