import Synchronization
public import TestSupport

/// A way to an HTTP server of loopback with faults on it, by a script or by a seed. Without them it passes everything on.
public final class FaultProxy: Sendable {
    private let server: FakeServer
    private let script = FaultScript()

    /// Where clients connect to.
    public var port: UInt16 { server.port }
    /// The requests so far.
    public var requests: [FakeRequest] { server.requests }
    public var openConnections: Int { server.openConnections }

    /// - Parameters:
    ///   - port: the server's.
    ///   - isEndless: which requests are answered line by line, for ever.
    public init(to port: UInt16, endless isEndless: @escaping @Sendable (FakeRequest) -> Bool = { $0.line.hasSuffix("/v3/watch") }) throws {
        server = try FakeServer { [script] client in
            var session = ProxySession(client, to: port, script, isEndless: isEndless)
            try session.run()
        }
    }

    /// Does something to requests from now on, also to the endless answers that run.
    ///
    /// - Parameters:
    ///   - times: to so many of them.
    ///   - isMeant: to which; to all if it is not given. Of several faults the first that is meant is done.
    public func inject(_ fault: Fault, times: Int = .max, to isMeant: @escaping @Sendable (FakeRequest) -> Bool = { _ in true }) {
        script.add(FaultScript.Line(fault: fault, left: times, isMeant: isMeant))
    }

    /// Does one of some faults to one request of so many, by random numbers.
    public func inject(oneOf faults: [Fault], every share: Int, _ randomness: SeededRandomness) {
        script.roll { randomness.next() % UInt64(share) == 0 ? faults[Int(randomness.next() % UInt64(faults.count))] : nil }
    }

    /// How many requests, and lines of endless answers, have met a fault.
    public var hits: Int { script.hits }

    /// Ends all faults. What is stalled goes on.
    public func heal() {
        script.clear()
    }

    /// Breaks all connections, and refuses new ones.
    public func cut() {
        server.stopListening()
        server.breakConnections()
    }
}

/// What is to be done to which requests, and the answers that there were.
final class FaultScript: Sendable {
    struct Line: Sendable {
        let fault: Fault
        var left: Int
        let isMeant: @Sendable (FakeRequest) -> Bool
    }

    private struct State: Sendable {
        var lines: [Line] = []
        var roll: (@Sendable () -> Fault?)?
        var firstAnswers: [SameRequest: ServerAnswer] = [:]
        var generation = 0
        var hits = 0
    }

    private let state = Mutex(State())

    func add(_ line: Line) { state.withLock { $0.lines.append(line) } }
    func roll(_ roll: @escaping @Sendable () -> Fault?) { state.withLock { $0.roll = roll } }

    func clear() {
        state.withLock { state in
            state.lines = []
            state.roll = nil
            state.generation += 1
        }
    }

    /// Grows when faults end.
    var generation: Int { state.withLock { $0.generation } }

    var hits: Int { state.withLock { $0.hits } }

    /// What is done to this request, or to this line of its endless answer.
    func next(for request: FakeRequest) -> Fault? {
        state.withLock { state in
            var fault = state.roll?()
            if let index = state.lines.firstIndex(where: { $0.left > 0 && $0.isMeant(request) }) {
                state.lines[index].left -= 1
                fault = state.lines[index].fault
            }
            if fault != nil { state.hits += 1 }
            return fault
        }
    }

    func note(_ answer: ServerAnswer, to request: FakeRequest) {
        let request = SameRequest(request)
        state.withLock { $0.firstAnswers[request] = $0.firstAnswers[request] ?? answer }
    }

    func firstAnswer(to request: FakeRequest) -> ServerAnswer? {
        state.withLock { $0.firstAnswers[SameRequest(request)] }
    }
}

/// What makes two requests one: the members of a JSON object have no order.
private struct SameRequest: Hashable {
    private let line: String
    private let bytes: [UInt8]

    init(_ request: FakeRequest) {
        line = request.line
        bytes = request.body.utf8.sorted()
    }
}
