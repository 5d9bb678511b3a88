import Logging
import NameServer
import NetworkModel
import Synchronization
import TestSupport

/// A name server of node `a` with sockets on loopback, for two networks.
struct Lab: Sendable {
    let server: NameServer
    /// Where each network's questions go.
    let places: [NetworkID: Place]

    struct Place: Sendable {
        let address: String
        let port: UInt16
    }

    private static let labs = Counter()

    /// The last two numbers of an address that no other lab has: a port that one gives back is not taken by another.
    static func ownAddress() -> String {
        let number = labs.next()
        return "\(200 + number / 250).\(1 + number % 250)"
    }

    func place(_ network: NetworkID) throws -> Place {
        guard let place = places[network] else { throw NoAnswer() }
        return place
    }

    func datagrams(from source: String, in network: NetworkID = Garden.front) throws -> DatagramAsker {
        let place = try place(network)
        return try DatagramAsker(from: source, to: place.address, port: place.port)
    }

    /// Asks over UDP, from a socket of its own.
    func ask(_ query: Query, from source: String = Garden.tulip, in network: NetworkID = Garden.front) async throws -> Reply {
        let asker = try datagrams(from: source, in: network)
        asker.send(query.bytes)
        guard let bytes = try await asker.receive() else { throw NoAnswer() }
        return try Reply(bytes)
    }

    func ask(_ name: String, _ type: RRType = .a, from source: String = Garden.tulip, in network: NetworkID = Garden.front) async throws
        -> Reply
    {
        try await ask(Query(name, type), from: source, in: network)
    }

    /// Asks over TCP, on a connection of its own.
    func askOverStream(_ query: Query, from source: String = Garden.tulip) async throws -> Reply {
        let bytes = query.bytes
        return try await stream(from: source) { asker in
            try await asker.send(StreamAsker.framed(bytes))
            guard let bytes = try await asker.receive() else { throw NoAnswer() }
            return try Reply(bytes)
        }
    }

    func stream<Result: Sendable>(
        from source: String = Garden.tulip, in network: NetworkID = Garden.front, _ body: (inout StreamAsker) async throws -> Result
    ) async throws -> Result {
        let place = try place(network)
        return try await withStream(from: source, to: place.address, port: place.port, body)
    }
}

struct NoAnswer: Error {}

/// Options for tests: nothing waits for long.
func quickOptions(_ adjust: (inout NameServerOptions) -> Void = { _ in }) -> NameServerOptions {
    var options = NameServerOptions()
    options.stagger = .milliseconds(20)
    options.forwardingDeadline = .seconds(60)
    adjust(&options)
    return options
}

/// Runs a server over the garden while `body` asks it.
func withLab<Result: Sendable>(
    records: [ViewChange] = [], inSync: [NetworkID] = [Garden.front, Garden.back], resolvers: any ResolverSource = FixedResolvers([]),
    options: NameServerOptions = quickOptions(), _ body: @escaping @Sendable (Lab) async throws -> Result
) async throws -> Result {
    let server = try NameServer(
        node: Garden.own, resolvers: resolvers, clock: ContinuousClock(), randomness: SeededRandomness(seed: 7), options: options,
        logger: Logger(label: "test"))
    server.apply(try Garden.records() + records)
    for network in inSync { server.setInSync(true, network) }
    var places: [NetworkID: Lab.Place] = [:]
    let own = Lab.ownAddress()
    for (network, address) in [(Garden.front, "127.1.\(own)"), (Garden.back, "127.2.\(own)")] {
        let pair = try Loopback.pair(address)
        try await server.serve(.network(network), at: try IPAddress(address), datagram: pair.datagram, stream: pair.stream)
        places[network] = Lab.Place(address: address, port: pair.port)
    }
    let lab = Lab(server: server, places: places)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await server.run()
            return nil
        }
        group.addTask { try await body(lab) }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw NoAnswer()
    }
}

/// Counts from 1.
final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
