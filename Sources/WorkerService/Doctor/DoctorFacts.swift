import DaemonKit
import EngineClient
import NetworkModel
import WorkerAPI

/// What the doctor judges: everything that was found out, and nothing that was concluded from it.
struct DoctorFacts: Sendable {
    /// What this node tells the others of itself.
    var record: NodeRecord
    /// The cluster store's URL, without credentials.
    var store: String
    /// Why a read of the store failed.
    var storeFault: String?
    /// What the store is shown of this node, and how it stands; nil without one.
    var certificate: (file: OwnCertificate, state: OwnCertificate.State)?
    /// Why the node has not joined.
    var joinFault: String?
    /// Privileges and features that are missing.
    var kernelFault: String?
    /// What the store has lost while the worker ran, and what became of it.
    var losses: [String] = []
    /// Why the kernel is not as the plan says.
    var dataplaneFault: String?
    /// What the address of the node's VXLAN traffic is on now.
    var underlay = Underlay.mtu(1500)
    var vxlanPort: UInt16 = 4789
    /// The program that has the port, if it is not the kernel's VXLAN.
    var vxlanHolder: String?
    /// All nodes, this one among them; nil while the store does not answer.
    var nodes: [NodeDetail]?
    /// nil without an engine.
    var engine: EngineFacts?

    enum Underlay: Hashable, Sendable {
        /// In bytes.
        case mtu(Int)
        /// No device of the host has the address any longer; with the kernel's sentence.
        case gone(String)
    }
}

/// What was found out about the container engine beside the worker.
struct EngineFacts: Sendable {
    /// Such as `unix:///var/run/docker.sock`.
    var location: String
    /// Why it does not answer.
    var fault: String?
    var version: String?
    /// The path of the socket that the engine looks for.
    var pluginSocket: String
    /// Why `Plugin.Activate` is not answered there.
    var pluginFault: String?
    /// Whether the engine finds the same socket at that path; nil if that cannot be told.
    var seesPluginSocket: Bool?
    /// What the engine was started with; nil if its process is not to be found.
    var configuration: EngineConfiguration?
    /// Whether the engine is in the same network namespace as the worker; nil if that cannot be told.
    var sharesNetwork: Bool?
    /// The networks that every engine should have; nil while the mirror is not in sync.
    var clusterNetworks: [NetworkRecord]?
    /// The engine's own of Skein's driver; nil if it did not tell.
    var networks: [HostedNetwork]?
    /// Which of the cluster's an engine's network is.
    var journal: [EngineNetworkID: NetworkID] = [:]
    /// What the worker last met when it served the engine.
    var troubles: [String] = []
}
