import KernelNetwork

/// What a fake kernel is asked to do: each verb is counted, and can be made to fail, by itself.
public enum KernelVerb: String, Hashable, Sendable, CaseIterable {
    case listNamespaces, createNamespace, deleteNamespace, dump, watch, setRules, readRules, forgetConnections, setSystemControl,
        readSystemControl
    case openSocket, readMTU
    case listProcesses
    case addLink, deleteLink, updateLink, setBridgePort
    case replaceAddress, deleteAddress, replaceRoute, deleteRoute, replaceNeighbour, deleteNeighbour, replaceForwarding, deleteForwarding

    /// Whether a call of it changes the kernel: what ``FakeKernel/crash(afterWrites:)`` counts.
    public var isWrite: Bool {
        switch self {
        case .listNamespaces, .dump, .watch, .readRules, .readSystemControl, .openSocket, .readMTU, .listProcesses, .forgetConnections:
            false
        default: true
        }
    }

    init(_ change: KernelChange) {
        self =
            switch change {
            case .addLink: .addLink
            case .deleteLink: .deleteLink
            case .updateLink: .updateLink
            case .setBridgePort: .setBridgePort
            case .replaceAddress: .replaceAddress
            case .deleteAddress: .deleteAddress
            case .replaceRoute: .replaceRoute
            case .deleteRoute: .deleteRoute
            case .replaceNeighbour: .replaceNeighbour
            case .deleteNeighbour: .deleteNeighbour
            case .replaceForwarding: .replaceForwarding
            case .deleteForwarding: .deleteForwarding
            }
    }
}

/// Which calls fail, and how.
struct FailurePlan {
    private var calls: [KernelVerb: Int] = [:]
    private var failing: [KernelVerb: (calls: ClosedRange<Int>, code: KernelError.Code)] = [:]
    private var writesLeft: Int?

    /// How often a verb was called, failures included.
    func count(_ verb: KernelVerb) -> Int { calls[verb, default: 0] }

    /// Makes the coming calls of a verb fail; the next one is number 1.
    mutating func fail(_ verb: KernelVerb, calls range: ClosedRange<Int>, with code: KernelError.Code) {
        let next = count(verb)
        let upper = range.upperBound == .max ? Int.max : range.upperBound + next
        failing[verb] = (range.lowerBound + next...upper, code)
    }

    mutating func crash(afterWrites count: Int?) {
        writesLeft = count
    }

    mutating func heal() {
        failing = [:]
        writesLeft = nil
    }

    /// Counts a call and throws if it is to fail.
    mutating func admit(_ verb: KernelVerb) throws(KernelError) {
        calls[verb, default: 0] += 1
        if let left = writesLeft {
            guard left > 0 else { throw FakeKernel.crashed }
            if verb.isWrite { writesLeft = left - 1 }
        }
        if let (range, code) = failing[verb], range.contains(count(verb)) {
            throw KernelError(code, "\(verb.rawValue) was made to fail")
        }
    }

    var hasCrashed: Bool { writesLeft == 0 }
}
