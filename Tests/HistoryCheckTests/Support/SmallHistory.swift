import HistoryCheck
import NetworkModel

/// A network at revision 9 and one endpoint, `a`, at revision 10; a test adds what it wants.
struct SmallHistory {
    private static let life = NodeLife(id("d"), Epoch(1))
    private var operations: [Operation] = []
    private var steps: [StoreStep] = []
    private let network: NetworkID
    private var time = 0

    init() throws {
        network = Self.id("0")
        node(epoch: 1, revision: 8)
        try create("multi", vni: 256, pool: "10.0.0.0/24", revision: 9, id: network)
        try attach("a", at: "10.0.0.2", revision: 10)
    }

    private static func id<Subject>(_ digit: String) -> Identifier<Subject> {
        var zero = ZeroGenerator()
        return (try? Identifier(digit)) ?? Identifier(random: &zero)
    }

    func history() -> History {
        let steps = steps.sorted { $0.revision < $1.revision }
        var end: [Owner: Holding] = [:]
        for step in steps {
            for (owner, holding) in step.owners { end[owner] = holding }
        }
        return History(operations: operations, steps: steps, end: end)
    }

    private mutating func note(_ operation: Operation, _ outcome: Operation.Outcome) {
        var operation = operation
        (operation.invoked, operation.completed, operation.outcome) = (time + 1, time + 2, outcome)
        time += 2
        operations.append(operation)
    }

    // MARK: What the store has

    mutating func node(epoch: UInt64?, revision: Int64) {
        var step = StoreStep(revision)
        step.nodes[Self.life.node] = .some(epoch.map { Epoch($0) })
        steps.append(step)
    }

    private func holding(_ name: String, _ address: String) throws -> Holding {
        Holding([.address(try IPAddress(address), of: network), .name(name, of: network)], network: network, life: Self.life)
    }

    mutating func store(_ name: String, at address: String, revision: Int64) throws {
        let owner = Owner.endpoint(Self.id(name))
        let holding = try holding(name, address)
        var step = StoreStep(revision)
        step.owners[owner] = .some(holding)
        for resource in holding.resources { step.deeds[resource] = .some(owner) }
        steps.append(step)
    }

    mutating func forget(_ name: String, at revision: Int64) throws {
        var step = StoreStep(revision)
        step.owners[.endpoint(Self.id(name))] = .some(nil)
        for resource in try holding(name, "10.0.0.2").resources { step.deeds[resource] = .some(nil) }
        steps.append(step)
    }

    /// An address that names an endpoint which is not there.
    mutating func deed(_ address: String, revision: Int64) {
        var step = StoreStep(revision)
        if let address = try? IPAddress(address) { step.deeds[.address(address, of: network)] = .endpoint(Self.id("f")) }
        steps.append(step)
    }

    /// The last step stands for several that were not seen.
    mutating func jump() {
        steps[steps.count - 1].isJump = true
    }

    // MARK: What clients did

    mutating func create(_ name: String, vni: UInt32, pool: String, revision: Int64, id: NetworkID = id("1")) throws {
        let holding = Holding([.networkName(name), .vni(try VNI(vni)), .pool(try Subnet(pool))], network: id)
        note(
            Operation(client: 0, what: "create \(name)", claims: .network(id)),
            .acknowledged(Acknowledgement(revision: revision, holding: holding)))
        var step = StoreStep(revision)
        step.owners[.network(id)] = .some(holding)
        for resource in holding.resources { step.deeds[resource] = .some(.network(id)) }
        steps.append(step)
    }

    mutating func attach(
        _ name: String, at address: String, revision: Int64, _ outcome: Operation.Outcome? = nil, isStored: Bool = true
    ) throws {
        let told = Acknowledgement(revision: revision, holding: try holding(name, address))
        note(Operation(client: 1, what: "attach \(name)", claims: .endpoint(Self.id(name))), outcome ?? .acknowledged(told))
        if isStored { try store(name, at: address, revision: revision) }
        // Somebody else's step: the history goes on.
        if !isStored { node(epoch: 1, revision: revision) }
    }

    mutating func detach(_ name: String, _ outcome: Operation.Outcome, revision: Int64 = 11, isStored: Bool = true) throws {
        note(Operation(client: 1, what: "detach \(name)", ends: [.owner(.endpoint(Self.id(name)))]), outcome)
        if isStored { try forget(name, at: revision) }
    }

    mutating func reap() {
        note(Operation(client: 2, what: "reap", ends: [.deadNode(Self.life.node)]), .unknown("nobody is told"))
    }
}

private struct ZeroGenerator: RandomNumberGenerator {
    func next() -> UInt64 { 0 }
}
