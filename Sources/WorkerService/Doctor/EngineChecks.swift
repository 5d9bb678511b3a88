import EngineClient
import NetworkModel
import WorkerAPI

/// What the facts about the engine beside a worker mean: pure, in the order in which things depend on each other.
struct EngineChecks {
    let facts: EngineFacts

    var all: [DoctorCheck] {
        [engine, plugin] + (facts.fault == nil ? [place, dns, store].compactMap(\.self) + [networks] + troubles : [])
    }

    private var engine: DoctorCheck {
        let subject = "engine"
        guard let fault = facts.fault else {
            return DoctorCheck(.ok, subject, "\(facts.version ?? "an engine of unknown version") answers at \(facts.location)")
        }
        return DoctorCheck(
            .failed, subject, "--engine \(facts.location) does not answer: \(fault)",
            advice: "start the engine, correct the flag, or give --engine none on a host without one")
    }

    private var plugin: DoctorCheck {
        let subject = "engine plugin"
        if let fault = facts.pluginFault {
            return DoctorCheck(
                .failed, subject, "--plugin-socket \(facts.pluginSocket) does not answer: \(fault)",
                advice: "restart the worker, and see its log")
        }
        guard facts.seesPluginSocket != false else {
            return DoctorCheck(
                .failed, subject, "the engine does not see \(facts.pluginSocket): it has another folder there",
                advice: "let worker and engine have one /run/docker/plugins; mount it into the one that runs in a container")
        }
        return DoctorCheck(.ok, subject, "\(facts.pluginSocket) answers")
    }

    /// Only said when it is wrong: a rootless engine, or one in a container with a network of its own.
    private var place: DoctorCheck? {
        guard facts.sharesNetwork == false else { return nil }
        return DoctorCheck(
            .failed, "engine network", "the engine runs in another network namespace than the worker: its containers cannot be reached",
            advice: "run an engine that is not rootless, with the host's network")
    }

    private var dns: DoctorCheck {
        let subject = "engine dns"
        let ours = IPAddress.nameService.description
        guard let configuration = facts.configuration else {
            return DoctorCheck(
                .warning, subject, "the engine's process cannot be looked at from here",
                advice: "make sure that its dns option begins with \(ours), in \(EngineConfiguration.standardFile)")
        }
        if let fault = configuration.fileFault {
            return DoctorCheck(
                .failed, subject, "\(configuration.file) cannot be read: \(fault)", advice: "correct it, and restart the engine")
        }
        let advice = "put \"dns\": [\"\(ours)\"] into \(configuration.file) and restart the engine"
        guard let position = configuration.dns.firstIndex(of: ours) else {
            let given = configuration.dns.isEmpty ? "is not set" : "is \(configuration.dns.joined(separator: ", "))"
            return DoctorCheck(
                .failed, subject, "the engine's dns option \(given): containers do not find each other by name", advice: advice)
        }
        guard position == 0 else {
            return DoctorCheck(
                .warning, subject,
                "the engine's dns option has \(configuration.dns[..<position].joined(separator: ", ")) before \(ours): that answers first",
                advice: "put \(ours) first; it forwards other names to the host's resolvers")
        }
        guard !configuration.isFileNewer else {
            return DoctorCheck(
                .warning, subject, "\(configuration.file) was changed after the engine had started", advice: "restart the engine")
        }
        return DoctorCheck(.ok, subject, "the engine's dns option is \(ours)")
    }

    /// Only said when it is there: the engine's own overlay networks take VNIs from 256 too, of the same port.
    private var store: DoctorCheck? {
        guard let store = facts.configuration?.clusterStore else { return nil }
        return DoctorCheck(
            .warning, "engine flags",
            "the engine has --cluster-store \(store) of its own: its overlay networks take VXLAN ids from 256 of port 4789, as Skein's do",
            advice: "remove the flag, or give the workers another --vxlan-port")
    }

    private var networks: DoctorCheck {
        let subject = "engine networks"
        guard let wanted = facts.clusterNetworks, let present = facts.networks else {
            return DoctorCheck(.warning, subject, "not known while the store or the engine does not answer")
        }
        let known = Set(present.compactMap { twin(of: $0) })
        let missing = wanted.filter { !known.contains($0.id) }.map(\.name).sorted()
        let ids = Set(wanted.map(\.id))
        let extra = present.filter { network in twin(of: network).map { !ids.contains($0) } ?? true }.map(\.spec.name).sorted()
        guard missing.isEmpty, extra.isEmpty else {
            let parts = [
                missing.isEmpty ? nil : "the engine lacks \(missing.joined(separator: ", "))",
                extra.isEmpty ? nil : "the cluster does not have the engine's \(extra.joined(separator: ", "))",
            ]
            return DoctorCheck(
                .warning, subject, parts.compactMap(\.self).joined(separator: "; "),
                advice: "the worker tries again by itself: see its log if this stays")
        }
        return DoctorCheck(.ok, subject, "the engine has all \(wanted.count) of the cluster")
    }

    private func twin(of network: HostedNetwork) -> NetworkID? {
        facts.journal[network.id] ?? network.spec.options[EngineOption.network].flatMap { try? NetworkID($0) }
    }

    private var troubles: [DoctorCheck] {
        facts.troubles.map { DoctorCheck(.warning, "engine troubles", $0) }
    }
}
