import DesiredState
import KernelNetwork
import NetworkModel

/// One namespace: what should be in it, and what is as far as is known.
///
/// It belongs to the data plane's actor.
final class ManagedNamespace {
    let place: KernelNamespace
    let ownership: Ownership
    /// Whether the namespace itself is there.
    var exists: Bool
    /// Whether what is said to be there came from a dump or was written since; else it is read before anything is written.
    private(set) var isKnown = false
    /// Whose id its loopback carries.
    private(set) var owner: String?
    var objects = DeltaTracker<KernelObject, ObjectState>()
    /// The bridge's neighbours.
    var neighbours = DeltaTracker<IPAddress, MACAddress>()
    /// The VXLAN device's entries.
    var forwarding = DeltaTracker<MACAddress, IPAddress>()
    /// The VTEPs that it floods to.
    var flooding = DeltaTracker<IPAddress, Bool>()
    /// How to make the devices that are made here.
    var specs: [String: LinkSpec] = [:]
    /// Entries that are to go and have no place in the dictionaries.
    var strays: [KernelChange] = []
    /// Where connections were translated otherwise before: those are still to be ended.
    var changedArrivals: Set<PortArrival> = []
    private var fixed: Set<KernelObject> = []

    init(_ place: KernelNamespace, of ownership: Ownership, exists: Bool) {
        self.place = place
        self.ownership = ownership
        self.exists = exists
    }

    var isInSync: Bool {
        exists && isKnown && strays.isEmpty && objects.isInSync && neighbours.isInSync && forwarding.isInSync && flooding.isInSync
    }

    /// What is said to be there may be wrong: it is read again before anything is written.
    func doubt() { isKnown = false }

    // MARK: What should be

    /// Replaces the objects of the plan, apart from those set one by one.
    func setPlan(_ plan: ObjectPlan) {
        for object in fixed where plan.objects[object] == nil { objects.setWish(.nothing, for: object) }
        for (object, state) in plan.objects { objects.setWish(.value(state), for: object) }
        for (name, spec) in plan.specs { specs[name] = spec }
        fixed = Set(plan.objects.keys)
    }

    /// Wants a pair of devices of which this end is here.
    func want(_ spec: LinkSpec) {
        specs[spec.name] = spec
        objects.setWish(.value(.link(LinkShape(spec))), for: .link(spec.name))
    }

    /// A device may be there, and be as it is.
    func leave(link: String) { objects.setWish(.anything, for: .link(link)) }

    func unwant(link: String) { objects.setWish(.nothing, for: .link(link)) }

    // MARK: What is

    /// It is not there, and will have its loopback and nothing else when it is made.
    func assumeEmpty() {
        let loopback = LinkState(name: "lo", index: 1, kind: .loopback, mtu: 65_536, isUp: true)
        take(KernelState(links: [loopback.name: loopback]), rules: nil, controls: [:])
        exists = false
    }

    /// Reads the namespace.
    func learn(from kernel: any NetworkKernel) throws(KernelError) {
        let state = try kernel.dump(place)
        let rules = isFiltered ? try kernel.rules(in: place) : nil
        var controls: [String: String] = [:]
        for case .control(let path) in objects.desired.keys { controls[path] = try Self.read(path, in: place, of: kernel) }
        take(state, rules: rules, controls: controls)
        exists = true
    }

    private var isFiltered: Bool {
        if case .sandbox = ownership { false } else { true }
    }

    /// A setting that the kernel does not have is written, so that what is missing is told.
    private static func read(
        _ path: String, in place: KernelNamespace, of kernel: any NetworkKernel
    ) throws(KernelError) -> String? {
        do throws(KernelError) {
            return try kernel.systemControl(path, in: place)
        } catch {
            if case .errno = error.code { return nil }
            throw error
        }
    }

    private func take(_ state: KernelState, rules: PacketRules?, controls: [String: String]) {
        let dump = RecognisedState(state, of: self)
        var found = dump.objects
        if let rules { found[.rules] = .rules(rules) }
        for (path, value) in controls { found[.control(path)] = .control(value) }
        objects.setActual(found)
        neighbours.setActual(dump.neighbours)
        forwarding.setActual(dump.forwarding)
        flooding.setActual(dump.flooding)
        strays = dump.strays
        owner = state.links["lo"]?.alias
        isKnown = true
    }

    /// A device is gone with all that was on it.
    func forget(link: String) {
        objects.setActual(nil, at: .link(link))
        objects.setActual(nil, at: .port(link))
        for (object, state) in objects.actual {
            switch (object, state) {
            case (.address(let entry), _) where entry.link == link: objects.setActual(nil, at: object)
            case (.defaultRoute, .route(let route)) where route.link == link: objects.setActual(nil, at: object)
            case (.control, _) where object.deviceOfControl == link: objects.setActual(nil, at: object)
            default: break
            }
        }
        if link == KernelNames.bridge { neighbours.setActual([:]) }
        if link == KernelNames.vxlan {
            forwarding.setActual([:])
            flooding.setActual([:])
        }
    }

    /// The other namespace made a pair whose end is here.
    func noteMade(_ peer: VethPeer) {
        forget(link: peer.name)
        objects.setActual(.link(LinkShape(peer)), at: .link(peer.name))
    }

    /// The other namespace removed a pair whose end was here.
    func noteGone(_ peer: VethPeer) {
        guard case .link(let shape) = objects.actual(at: .link(peer.name)), shape.alias == peer.alias else { return }
        forget(link: peer.name)
    }

    /// Whether the end of a pair is here and is the one meant.
    func has(_ peer: VethPeer) -> Bool {
        guard case .link(let shape) = objects.actual(at: .link(peer.name)) else { return false }
        return shape.kind == .veth && shape.alias == peer.alias
    }
}
