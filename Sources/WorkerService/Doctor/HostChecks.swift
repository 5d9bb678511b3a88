import DaemonKit
import NetworkModel
import WorkerAPI

/// What the facts about a worker and its host mean: pure, in the order in which things depend on each other.
struct HostChecks {
    let facts: DoctorFacts

    var all: [DoctorCheck] {
        [store] + [certificate].compactMap(\.self) + [node, records, advertise, kernel, dataplane, mtu, vxlanPort, nodes]
    }

    private var store: DoctorCheck {
        let subject = "cluster store"
        guard let fault = facts.storeFault else { return DoctorCheck(.ok, subject, "\(facts.store) answers") }
        return DoctorCheck(
            .failed, subject, fault.contains(facts.store) ? "--cluster-store: \(fault)" : "--cluster-store \(facts.store): \(fault)",
            advice: "start the store, or correct the flag and restart the worker")
    }

    /// nil if the store is shown none.
    private var certificate: DoctorCheck? {
        guard let (file, state) = facts.certificate else { return nil }
        let (subject, advice) = ("certificate", OwnCertificate.advice)
        return switch state {
        case .valid(let day): DoctorCheck(.ok, subject, "\(file.path) is valid until \(day)")
        case .nearEnd(let day): DoctorCheck(.warning, subject, "\(file.path) is valid until \(day) only", advice: advice)
        case .ended(let day): DoctorCheck(.failed, subject, "\(file.path) was valid until \(day)", advice: advice)
        case .early(let day):
            DoctorCheck(.failed, subject, "\(file.path) is valid from \(day) on", advice: "set this host's clock, or make another")
        case .unusable(let cause): DoctorCheck(.failed, subject, "kv.certfile: \(cause)", advice: "correct the file or the option")
        }
    }

    private var node: DoctorCheck {
        let subject = "node"
        guard let fault = facts.joinFault else {
            return DoctorCheck(.ok, subject, "\(facts.record.id.short) has joined as \(facts.record.hostname)")
        }
        return DoctorCheck(
            .failed, subject, fault,
            advice: facts.storeFault == nil ? "see the worker's log" : "the node joins by itself once the store answers")
    }

    /// Lesson 10.
    private var records: DoctorCheck {
        let subject = "records"
        guard !facts.losses.isEmpty else { return DoctorCheck(.ok, subject, "the store has lost none while this worker ran") }
        return DoctorCheck(
            .warning, subject, facts.losses.joined(separator: "; "),
            advice:
                "find out what became of the store's data; what nobody alive knew is lost: networks without a worker that had read them, and "
                + "endpoints of nodes that were down. Restart the worker when you have looked after it")
    }

    /// Lesson 15.
    private var advertise: DoctorCheck {
        let subject = "advertised address"
        let address = facts.record.vtep
        if case .gone(let reason) = facts.underlay {
            return DoctorCheck(
                .failed, subject, "--cluster-advertise: no device of this host has \(address) any longer (\(reason))",
                advice: "give it back to the device, or a new one of the same family, which the worker takes up by itself; another "
                    + "--cluster-advertise takes a restart")
        }
        let others = otherNodes.filter { $0.vtep == address }
        guard others.isEmpty else {
            return DoctorCheck(
                .failed, subject, "--cluster-advertise: \(address) is advertised by \(Self.names(others)) too",
                advice: "give each host an address of its own")
        }
        return DoctorCheck(.ok, subject, "\(address) (--cluster-advertise \(facts.record.advertise))")
    }

    private var kernel: DoctorCheck {
        let subject = "kernel"
        guard let fault = facts.kernelFault else {
            return DoctorCheck(.ok, subject, "\(facts.record.kernelVersion) has bridges, VXLAN, veth and nftables")
        }
        return DoctorCheck(.failed, subject, fault)
    }

    private var dataplane: DoctorCheck {
        let subject = "data plane"
        guard let fault = facts.dataplaneFault else { return DoctorCheck(.ok, subject, "the kernel is as the plan says") }
        return DoctorCheck(
            .failed, subject, fault, advice: "the worker tries again by itself; what is said here has to be put right")
    }

    /// Lesson 19.
    private var mtu: DoctorCheck {
        let subject = "underlay MTU"
        guard case .mtu(let own) = facts.underlay else { return unknown(subject, "the advertised address is gone") }
        guard own == facts.record.underlayMTU else {
            return DoctorCheck(
                .warning, subject, "it is \(own) now, and was \(facts.record.underlayMTU) when the cluster was last told",
                advice: "the worker tells it by itself; then restart containers whose devices must follow")
        }
        let others = otherNodes.filter { $0.underlayMTU != own }
        guard !others.isEmpty else { return DoctorCheck(.ok, subject, "\(own) bytes, as on every node") }
        let named = others.map { "\($0.underlayMTU) on \(Self.name($0))" }.joined(separator: ", ")
        return DoctorCheck(
            .warning, subject, "\(own) bytes here, \(named): packets larger than the smallest are lost between them",
            advice:
                "give the hosts' devices one MTU, or create networks with -o \(NetworkOption.mtu)=\(([own] + others.map(\.underlayMTU)).min() ?? own)"
        )
    }

    /// Lesson 22.
    private var vxlanPort: DoctorCheck {
        let subject = "VXLAN port"
        guard let holder = facts.vxlanHolder else { return DoctorCheck(.ok, subject, "UDP port \(facts.vxlanPort) is the kernel's") }
        return DoctorCheck(
            .failed, subject, "UDP port \(facts.vxlanPort) is held by \(holder)",
            advice: "stop that, or give every worker of the cluster another --vxlan-port")
    }

    private var nodes: DoctorCheck {
        let subject = "nodes"
        guard let nodes = facts.nodes else { return unknown(subject, "the store does not answer") }
        let away = nodes.filter { $0.record == nil }
        guard away.isEmpty else {
            let named = away.map { "\($0.id.short) (\($0.endpoints) endpoints)" }.joined(separator: ", ")
            return DoctorCheck(
                .warning, subject, "\(away.count) of \(nodes.count) away, with what they held: \(named)",
                advice: "start their workers; a controller forgets them after --node-grace, skein node rm at once")
        }
        let versions = Set(nodes.compactMap(\.record?.version)).sorted()
        guard versions.count <= 1 else {
            return DoctorCheck(
                .warning, subject, "\(nodes.count) nodes run different versions: \(versions.joined(separator: ", "))",
                advice: "bring them all to \(versions.last ?? "")")
        }
        return DoctorCheck(.ok, subject, "\(nodes.count) in the cluster, all present")
    }

    // MARK: Words

    private func unknown(_ subject: String, _ reason: String) -> DoctorCheck {
        DoctorCheck(.warning, subject, "not known while \(reason)")
    }

    private var otherNodes: [NodeRecord] {
        (facts.nodes ?? []).compactMap(\.record).filter { $0.id != facts.record.id }.sorted { ($0.hostname, $0.id) < ($1.hostname, $1.id) }
    }

    private static func name(_ node: NodeRecord) -> String { node.hostname.isEmpty ? node.id.short : node.hostname }
    private static func names(_ nodes: [NodeRecord]) -> String { nodes.map(name).joined(separator: ", ") }
}
