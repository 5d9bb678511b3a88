import DesiredState
import KernelNetwork
import NetworkModel

/// A network that has a namespace here, or is about to have one or to lose it. It belongs to the data plane's actor.
final class LocalNetwork {
    let id: NetworkID
    let space: ManagedNamespace
    /// nil when the namespace is to go.
    var plan: NetworkPlan?
    /// Why it is not known what should be here.
    var undecided: String?
    /// It has no endpoint here any more, and goes when this time has come.
    var idleUntil: Duration?
    var ports = PortPlan()
    private(set) var attachments: [EndpointID: AttachmentPlan] = [:]
    /// The addresses for which ``NetworkSites`` were told that they are ready.
    var readyAddresses: [IPAddress]?

    init(_ id: NetworkID, exists: Bool) {
        self.id = id
        space = ManagedNamespace(.named(KernelNames.namespace(of: id)), of: .network(id), exists: exists)
    }

    var namespace: String { KernelNames.namespace(of: id) }
    /// Whether nothing but going is planned for it.
    var isGoing: Bool { plan == nil && undecided == nil }

    func set(_ attachment: AttachmentPlan?, for endpoint: EndpointID) {
        guard attachments[endpoint] != attachment else { return }
        attachments[endpoint] = attachment
        if let attachment { space.want(attachment.spec) } else { space.unwant(link: KernelNames.port(of: endpoint)) }
    }

    func setEntries(_ entries: TouchedEntries, of desired: DesiredState) {
        desired.look(
            up: entries, in: id, neighbour: { space.neighbours.setWish($1, for: $0) }, forwarding: { space.forwarding.setWish($1, for: $0) }
        )
        if entries.participants { setFlooding(of: desired) }
    }

    /// Also after each look at the namespace: while a participant is not known, the entries that are there stay.
    func setFlooding(of desired: DesiredState) {
        guard plan?.segment != nil else { return }
        let flooding = desired.flooding(in: id)
        var wishes = Dictionary(uniqueKeysWithValues: flooding.vteps.map { ($0, Wish.value(true)) })
        if !flooding.isComplete {
            for vtep in space.flooding.actual.keys where wishes[vtep] == nil { wishes[vtep] = .anything }
        }
        space.flooding.setWishes(wishes)
    }

    /// The pair that leads to the host, if the network has a way out.
    var uplink: LinkSpec? { space.specs[KernelNames.uplink] }

    /// Whether it has a pair to make whose other end is on the host.
    var lacksPairWithHost: Bool {
        uplink.map { lacks($0.name) } ?? false || attachments.values.contains { $0.place == .engine && lacks($0.port) }
    }

    func lacks(_ port: String) -> Bool { space.objects.actual(at: .link(port)) == nil }

    /// All pairs that are made from its namespace.
    var pairs: [LinkSpec] { attachments.values.map(\.spec) + (uplink.map { [$0] } ?? []) }
}

/// A sandbox that has a namespace here, or is about to have one or to lose it.
final class LocalSandbox {
    let id: SandboxID
    let namespace: String
    let space: ManagedNamespace
    /// nil when the namespace is to go.
    var plan: SandboxPlan?
    /// Why it is not known what should be here.
    var undecided: String?
    /// What its files were when they were last looked at.
    var files: [String: String]?

    init(_ id: SandboxID, namespace: String, exists: Bool) {
        self.id = id
        self.namespace = namespace
        space = ManagedNamespace(.named(namespace), of: .sandbox(id), exists: exists)
    }
}
