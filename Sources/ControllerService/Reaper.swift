import ClusterCatalog
import Logging
import NetworkModel
import ServiceLifecycle

/// Frees what dead nodes held once their grace is over, and what crashes left without an owner.
///
/// Every controller runs one; all their transactions compare, so that several do no harm.
struct Reaper<C: Clock<Duration>>: Service {
    let catalog: ClusterCatalog
    let grace: Duration
    let clock: C
    let logger: Logger

    /// How often the cluster is looked at, unless a grace ends sooner.
    private static var interval: Duration { .seconds(5) }
    /// Every so many looks, claims without an owner are looked for: the whole catalog is read for that.
    private static var looksPerAudit: Int { 120 }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var periods = GracePeriods<C.Instant>(grace: grace)
            var looks = 0
            while !Task.isCancelled {
                await look(&periods, audits: looks % Self.looksPerAudit == 0)
                looks += 1
                let next = min(periods.nextEnd(after: clock.now) ?? Self.interval, Self.interval)
                try await clock.sleep(for: max(next, .milliseconds(100)))
            }
        }
    }

    private func look(_ periods: inout GracePeriods<C.Instant>, audits: Bool) async {
        do {
            // Half of a catalog that is being imported is full of what has no owner.
            try await catalog.open()
            let dead = try await catalog.deadNodes()
            for node in periods.observe(dead: dead, at: clock.now) { await reap(node) }
        } catch {
            // A store that was away comes back with nodes whose leases have ended, and whose workers are about to join again.
            periods.startOver()
            return logger.warning("cannot look after dead nodes now; trying again", metadata: ["cause": "\(error)"])
        }
        if audits { await audit() }
    }

    private func reap(_ node: NodeID) async {
        do {
            let report = try await catalog.reapNode(node)
            logger.notice(
                "reaped a node whose grace was over",
                metadata: ["node": "\(node.short)", "endpoints": "\(report.endpoints)", "sandboxes": "\(report.sandboxes)"])
        } catch {
            // It is still dead at the next look, or has returned.
            logger.warning("cannot reap a node now", metadata: ["node": "\(node.short)", "cause": "\(error)"])
        }
    }

    private func audit() async {
        do {
            let report = try await catalog.audit()
            guard !report.isEmpty else { return }
            logger.notice(
                "freed claims without an owner",
                metadata: ["claims": "\(report.claims)", "endpoints": "\(report.endpoints)", "networks": "\(report.networks)"])
        } catch {
            logger.warning("cannot look for claims without an owner now", metadata: ["cause": "\(error)"])
        }
    }
}
