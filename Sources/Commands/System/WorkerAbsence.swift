import NetworkModel
import WorkerAPI

/// What can be told of a host whose worker does not answer: pure.
struct WorkerAbsence {
    /// What the client met.
    let fault: CommandFault
    let address: DaemonAddress
    /// nil when the worker is another host's.
    let host: LocalHost?

    var checks: [DoctorCheck] {
        guard let host else { return [worker(advice: "run skein doctor on the host itself")] }
        return [process(host)] + flags(host) + [kernel(host)]
    }

    private func process(_ host: LocalHost) -> DoctorCheck {
        guard let running = host.workers.first else {
            return worker(advice: "start it (systemctl start skein-worker); the end of its log says why it ended, if it did")
        }
        if let socket = running.socket, .unix(path: socket) != address {
            return worker(advice: "the skein-worker that runs (pid \(running.pid)) serves \(socket): give -H unix://\(socket)")
        }
        return worker(advice: "a skein-worker runs (pid \(running.pid)) and does not answer: see its log, or restart it")
    }

    private func worker(advice: String) -> DoctorCheck {
        DoctorCheck(.failed, "worker", fault.message, advice: advice)
    }

    /// Lesson 9: which flag is missing.
    private func flags(_ host: LocalHost) -> [DoctorCheck] {
        guard let settings = host.settings else { return [] }
        return Self.needed.map { variable, flag, example in
            guard let value = settings[variable], !value.isEmpty else {
                return DoctorCheck(
                    .failed, flag, "\(variable) is not set in \(LocalHost.settingsFile), so the worker has no \(flag)",
                    advice: "set it, such as \(variable)=\(example), and start the worker")
            }
            return DoctorCheck(.ok, flag, "\(value), from \(LocalHost.settingsFile)")
        }
    }

    private static let needed = [
        (variable: "SKEIN_CLUSTER_STORE", flag: "--cluster-store", example: "etcd://10.0.0.5:2379"),
        (variable: "SKEIN_CLUSTER_ADVERTISE", flag: "--cluster-advertise", example: "eth0:2376"),
    ]

    private func kernel(_ host: LocalHost) -> DoctorCheck {
        switch host.kernel {
        case .sound: DoctorCheck(.ok, "kernel", "it has bridges, VXLAN, veth and nftables")
        case .lacking(let reason): DoctorCheck(.failed, "kernel", reason)
        case .unknown: DoctorCheck(.warning, "kernel", "not looked at", advice: "run skein doctor as root")
        }
    }
}
