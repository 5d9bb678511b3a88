import Foundation
import TestSupport

/// One client's connection, and the one to the server that its requests go on by.
struct ProxySession {
    /// The connections end here.
    private struct End: Error {}

    private let client: FakeConnection
    private let port: UInt16
    private let script: FaultScript
    private let isEndless: @Sendable (FakeRequest) -> Bool
    private var server: ServerReader?

    init(_ client: FakeConnection, to port: UInt16, _ script: FaultScript, isEndless: @escaping @Sendable (FakeRequest) -> Bool) {
        self.client = client
        self.port = port
        self.script = script
        self.isEndless = isEndless
    }

    mutating func run() throws {
        defer { server?.connection.close() }
        while let request = client.request() { try serve(request) }
    }

    private mutating func serve(_ request: FakeRequest) throws {
        // On a busy machine it may have come so late that its fault is over.
        guard !client.isGone else { throw End() }
        let fault = isEndless(request) ? nil : script.next(for: request)
        if case .delay(let time) = fault { wait(time) }
        if fault == .stale, let answer = script.firstAnswer(to: request) { return try client.send(answer.bytes) }
        try reach(.beforeRequest, fault)
        var server = try server ?? ServerReader(FakeConnection(to: port), for: client)
        self.server = server
        defer { self.server = server }
        if fault?.point == .inRequest { try server.connection.send(Array(request.bytes.prefix(request.bytes.count / 2))) }
        try reach(.inRequest, fault)
        if fault == .twice { _ = try answer(to: request, from: &server) }
        if isEndless(request) { return try passLines(of: request, from: &server) }
        try pass(request, fault, from: &server)
    }

    private mutating func pass(_ request: FakeRequest, _ fault: Fault?, from server: inout ServerReader) throws {
        try server.connection.send(request.bytes)
        try reach(.afterRequest, fault)
        let answer = try receive(from: &server)
        script.note(answer, to: request)
        try reach(.beforeAnswer, fault)
        if fault == .halfClose { try halfClose() }
        let bytes = answer.with(fault).bytes
        if fault?.point == .inAnswer { try client.send(Array(bytes.dropLast(max(1, answer.body.count / 2)))) }
        try reach(.inAnswer, fault)
        try client.send(bytes)
        try reach(.afterAnswer, fault)
    }

    private func answer(to request: FakeRequest, from server: inout ServerReader) throws -> ServerAnswer {
        try server.connection.send(request.bytes)
        return try receive(from: &server)
    }

    private func receive(from server: inout ServerReader) throws -> ServerAnswer {
        let head = try server.head()
        return ServerAnswer(head, body: try server.body(of: head))
    }

    // MARK: Endless answers

    private mutating func passLines(of request: FakeRequest, from server: inout ServerReader) throws {
        let opening = script.next(for: request)
        for point in [Fault.Point.beforeRequest, .inRequest] { try reach(point, opening) }
        if case .delay(let time) = opening { wait(time) }
        try server.connection.send(request.bytes)
        for point in [Fault.Point.afterRequest, .beforeAnswer] { try reach(point, opening) }
        let head = try server.head()
        guard head.isChunked else { return try client.send(ServerAnswer(head, body: try server.body(of: head)).bytes) }
        try client.send(Array((head.lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        var (earlier, pending): ([UInt8], [UInt8]) = ([], [])
        while let chunk = try server.chunk() {
            pending += chunk
            while let end = pending.firstIndex(of: 0x0a) {
                let line = Array(pending[...end])
                pending.removeFirst(line.count)
                try pass(line, after: earlier, script.next(for: request))
                earlier = line
            }
        }
        // etcd puts no line feed after the error that ends a stream.
        if !pending.isEmpty { try send(pending) }
        try client.send("0\r\n\r\n")
    }

    private func pass(_ line: [UInt8], after earlier: [UInt8], _ fault: Fault?) throws {
        for point in [Fault.Point.beforeRequest, .inRequest, .afterRequest, .beforeAnswer] { try reach(point, fault) }
        switch fault {
        case .delay(let time): wait(time)
        case .halfClose: try halfClose()
        case .twice: try send(line)
        case .stale: try send(earlier)
        default: break
        }
        if fault?.point == .inAnswer { try send(Array(line.prefix(line.count / 2))) }
        try reach(.inAnswer, fault)
        switch fault {
        case .truncate: try send(Array(line.prefix(line.count / 2)) + [0x0a])
        case .corrupt: try send(corrupted(line))
        case .replace(let body, _), .replaceBody(let body): try send(Array("\(body)\n".utf8))
        default: try send(line)
        }
        try reach(.afterAnswer, fault)
    }

    private func send(_ piece: [UInt8]) throws {
        guard !piece.isEmpty else { return }
        try client.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0d, 0x0a])
    }

    // MARK: Points

    /// Does what a fault does at a point.
    private func reach(_ point: Fault.Point, _ fault: Fault?) throws {
        guard let fault, fault.point == point else { return }
        switch fault {
        case .reset:
            client.reset()
            server?.connection.reset()
            throw End()
        case .stall:
            try stall()
            // Half a message is of no use to anybody.
            if point == .inRequest || point == .inAnswer { throw End() }
        default: throw End()
        }
    }

    private func halfClose() throws {
        client.closeSending()
        client.waitUntilClosed()
        throw End()
    }

    private func stall() throws {
        let generation = script.generation
        while script.generation == generation {
            guard !client.isGone else { throw End() }
            wait(.milliseconds(2))
        }
        guard !client.isGone else { throw End() }
    }

    private func wait(_ time: Duration) {
        Thread.sleep(forTimeInterval: time / .seconds(1))
    }
}

extension Fault {
    /// Where it ends or stalls the connection.
    var point: Point? {
        switch self {
        case .cut(let point), .reset(let point), .stall(let point): point
        default: nil
        }
    }
}
