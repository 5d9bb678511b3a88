import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Looks again when the cluster's store says that something is gone which only this worker takes away, or a crowd at once (lesson 10).
///
/// What a living worker holds, only it gives up (docs/decisions/0017): what the store has really lost is put back, unless its place is
/// somebody else's by now. Until then, and until the others have had the time to put back theirs, the kernel and the names stay as they are.
actor Recovery: Service {
    private let scope: ScopedCatalog
    private let membership: Membership
    /// How long the others may take to put back theirs.
    private let patience: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let now: @Sendable () -> Duration
    /// When what is missing now was first found so.
    private var since: Duration?
    private var isOwnConcerned = false
    private var isTold = false
    private var lastFault: String?
    /// What was lost in this process's life, for `skein doctor`.
    private(set) var losses: [String] = []

    /// How long after the first look the second is taken; the pause doubles from look to look.
    private static let delay = Duration.milliseconds(500)
    private static let longestDelay = Duration.seconds(8)
    private static let mostLosses = 10

    private nonisolated var catalog: ClusterCatalog { scope.catalog }
    private nonisolated var mirror: ScopeMirror { scope.mirror }

    init(of scope: ScopedCatalog, membership: Membership, patience: Duration, clock: any Clock<Duration>, logger: Logger) {
        self.scope = scope
        self.membership = membership
        self.patience = patience
        self.clock = clock
        self.logger = logger
        now = clock.stopwatch()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.mirror.losses {
                var delay = Self.delay
                while !Task.isCancelled, await !self.mirror.view.missing.isEmpty {
                    guard (try? await self.clock.sleep(for: delay)) != nil else { return }
                    // The node's own record comes first, and soon.
                    if await self.tryToSettle() { delay = min(delay * 2, Self.longestDelay) }
                }
                await self.isOver()
            }
        }
    }

    private func isOver() {
        if isOwnConcerned, isTold { note("what this node holds is there again") }
        isTold = false
        since = nil
        isOwnConcerned = false
        lastFault = nil
    }

    /// - Returns: whether all was done that this node can do.
    private func tryToSettle() async -> Bool {
        do {
            let isDone = try await settle()
            lastFault = nil
            return isDone
        } catch {
            let fault = (error as? any Fault)?.message ?? "\(error)"
            if lastFault != fault { logger.warning("cannot put back yet what the store has lost", metadata: ["cause": "\(fault)"]) }
            lastFault = fault
            return false
        }
    }

    private func settle() async throws -> Bool {
        let missing = try await lookAgain()
        guard !missing.isEmpty else { return true }
        since = since ?? now()
        // Nodes go with their leases: that is no loss.
        if !isTold, missing.networks.count + missing.sandboxes.count + missing.ownEndpoints.count + missing.otherEndpoints.count > 0 {
            isTold = true
            note("the store at \(catalog.store.location) has lost \(missing.summary)")
        }
        if await membership.hasLostLease(within: patience) { isOwnConcerned = true }
        if missing.nodes.contains(mirror.node) {
            isOwnConcerned = true
            // Without its record the node can write nothing: the rest comes after it.
            await membership.doubtRecord()
            return false
        }
        if !missing.sandboxes.isEmpty || !missing.ownEndpoints.isEmpty {
            isOwnConcerned = true
            try await putBackNetworks(missing)
            try await putBackOwn(missing)
        }
        await believeOthers(missing)
        return true
    }

    /// Reads below everything of which something is missing.
    private func lookAgain() async throws -> ScopeView.Missing {
        // A node that goes by itself has died; should it return, the watch tells.
        let missing = await mirror.view.missing
        guard !missing.isOnlyNodes(besides: mirror.node) else { return missing }
        for source in missing.sources(of: mirror.node) {
            await mirror.look(at: source, try await catalog.store.list(source.prefix))
        }
        return await mirror.view.missing
    }

    // MARK: Putting back

    /// When none of the networks is there any more, the catalog was lost: whoever knows them puts them back. When some are, another worker is
    /// putting them back, or those that are missing were removed while this node was away.
    private func putBackNetworks(_ missing: ScopeView.Missing) async throws {
        let known = await mirror.networks.map(\.record)
        guard !missing.networks.isEmpty, missing.networks.count == known.count else { return }
        try await catalog.open()
        for network in known {
            if let entry = try await catalog.putBack(network) {
                await mirror.commit { $0.commit(entry) }
            } else {
                await believe(ScopeView.Missing(networks: [network.id]), "lost, and its name or its addresses are another's now")
            }
        }
        note("networks put back: \(known.map(\.name).sorted().joined(separator: ", "))")
    }

    private func putBackOwn(_ missing: ScopeView.Missing) async throws {
        let claim = try await scope.claim()
        let view = await mirror.view
        for id in missing.sandboxes {
            guard let sandbox = view.sandboxes.records[id]?.record else { continue }
            let entry = try await catalog.putSandbox(sandbox, as: claim)
            await mirror.commit { $0.commit(entry) }
        }
        for (id, network) in missing.ownEndpoints where !view.networks.missing.contains(network) {
            let one = ScopeView.Missing(ownEndpoints: [id: network])
            guard let endpoint = view.endpoints[network]?.mirror.records[id]?.record else {
                await mirror.believe(one)
                continue
            }
            if let entry = try await catalog.putBack(endpoint, as: claim) {
                await mirror.commit { $0.commit(entry) }
            } else {
                await believe(one, "lost, and its network, its name or its addresses are another's now", name: endpoint.name.rawValue)
            }
        }
    }

    // MARK: Believing

    /// A crowd that is gone at the second look is gone; where something of this node's own was among it, the others' owners have lost it too,
    /// and put it back while they live.
    private func believeOthers(_ missing: ScopeView.Missing) async {
        let isLate = now() - (since ?? .zero) > patience
        if isLate {
            for id in missing.networks {
                await believe(ScopeView.Missing(networks: [id]), "removed from the store, and nobody has put it back")
            }
        }
        guard !isOwnConcerned || isLate else { return }
        let others = ScopeView.Missing(
            nodes: missing.nodes, networks: isLate ? [] : missing.networks, otherEndpoints: missing.otherEndpoints)
        guard !others.isEmpty else { return }
        await mirror.believe(others)
        if isOwnConcerned, isTold { note("nobody has put back \(others.summary)") }
    }

    private func believe(_ missing: ScopeView.Missing, _ what: String, name: String? = nil) async {
        let networks = await mirror.view.networks.records
        let names = name.map { ["endpoint \($0)"] } ?? missing.networks.map { "network \(networks[$0]?.record.name ?? $0.short)" }.sorted()
        await mirror.believe(missing)
        note("\(names.joined(separator: ", ")): \(what)")
    }

    private func note(_ loss: String) {
        logger.error("\(loss)")
        losses = (losses + [loss]).suffix(Self.mostLosses)
    }
}

extension ScopeView.Missing {
    /// Such as `2 networks, 1 endpoint`.
    var summary: String {
        let endpoints = ownEndpoints.count + otherEndpoints.values.reduce(0) { $0 + $1.count }
        let parts = [(nodes.count, "node"), (networks.count, "network"), (sandboxes.count, "sandbox"), (endpoints, "endpoint")]
        return parts.filter { $0.0 > 0 }.map { count, noun in
            "\(count) \(noun)\(count == 1 ? "" : noun.hasSuffix("x") ? "es" : "s")"
        }.joined(separator: ", ")
    }
}
