import NameZone
import NetworkModel

/// Turns queries into replies, bytes to bytes: what the datagram thread and every TCP connection have one of.
struct Responder: ~Copyable {
    enum Transport: Sendable {
        case datagram
        case stream
    }

    enum Outcome: Equatable {
        /// The reply is in the memory that was given: so many bytes of it. A lasting one comes again until the zone changes.
        case reply(size: Int, isLasting: Bool)
        /// The question is to be asked of the host's resolvers; it ends at `questionEnd`, and the asker takes `limit` bytes.
        case forward(questionEnd: Int, limit: Int)
        /// Not a query: an answer to it could only do harm.
        case ignore
    }

    private let zone: SharedZone
    private let timeToLive: UInt32
    private var query: QueryMessage
    private var reply: ReplyMessage
    private var rotation = 0

    /// Of the zone that is answered from.
    var generation: UInt64 { zone.generation }

    init(zone: SharedZone, timeToLive: UInt32) throws(NameServerError) {
        let query = try QueryMessage()
        let reply = try ReplyMessage()
        self.zone = zone
        self.timeToLive = timeToLive
        self.query = query
        self.reply = reply
    }

    /// Answers one message.
    /// - Parameters:
    ///   - asker: nil for somebody who is told nothing from the zone.
    ///   - memory: for the reply, at least 512 bytes; for a stream 65,535.
    mutating func respond(
        to message: UnsafeRawBufferPointer, from asker: Asker?, over transport: Transport, in memory: UnsafeMutableRawBufferPointer
    ) -> Outcome {
        guard message.count >= MessageHeader.size, unsafe !MessageHeader.isResponse(message[2]) else { return .ignore }
        // The next message may lie in other memory: nothing of this one may be looked at then.
        defer { query.clear() }
        guard unsafe MessageHeader.isStandardQuery(message[2]) else { return unsafe bare(.notImplemented, to: message, in: memory) }
        guard unsafe query.parse(message) else { return unsafe bare(.formatError, to: message, in: memory) }
        let limit = transport == .stream ? Int(UInt16.max) : query.datagramLimit
        guard unsafe reply.begin(to: query, in: memory, limit: transport == .stream ? limit : min(limit, Int(ReplyMessage.datagramLimit)))
        else { return .ignore }
        if let refusal = refusal() { return finish(refusal, isAuthoritative: false) }
        return answer(from: asker, over: transport, limit: limit)
    }

    /// A header alone, for what could not be understood.
    private func bare(_ code: ResponseCode, to message: UnsafeRawBufferPointer, in memory: UnsafeMutableRawBufferPointer) -> Outcome {
        let header = unsafe MessageHeader.reply(to: message, questionEnd: MessageHeader.size, code)
        guard memory.count >= header.count else { return .ignore }
        unsafe memory.copyBytes(from: header)
        return .reply(size: header.count, isLasting: true)
    }

    /// What is well formed and not for us to answer.
    private func refusal() -> ResponseCode? {
        if query.ednsVersion > 0 { return .badVersion }
        let type = query.type
        return !query.isInternet || type == .axfr || type == .ixfr ? .refused : nil
    }

    private mutating func answer(from asker: Asker?, over transport: Transport, limit: Int) -> Outcome {
        switch zoneAnswer(to: asker) {
        case .addresses(let addresses):
            reply.put(addresses, timeToLive: timeToLive, isStream: transport == .stream)
            // Of several the first one is another each time.
            return finish(.noError, isAuthoritative: true, isLasting: addresses.count == 1)
        case .pointers(let names):
            reply.put(pointers: names, timeToLive: timeToLive)
            return finish(.noError, isAuthoritative: true)
        case .noData: return finish(.noError, isAuthoritative: true)
        case .absent: return finish(.nameError, isAuthoritative: true)
        case .foreign: return .forward(questionEnd: query.questionEnd, limit: limit)
        case .foreignFromInternal: return finish(.refused, isAuthoritative: false)
        case .unknown: return finish(.serverFailure, isAuthoritative: false)
        }
    }

    private mutating func zoneAnswer(to asker: Asker?) -> NameAnswer {
        guard let asker, let name = query.foldedName else { return .foreign }
        return zone.answer(name, query.type, for: asker, rotation: nextRotation())
    }

    private mutating func nextRotation() -> Int {
        rotation &+= 1
        return rotation
    }

    private mutating func finish(_ code: ResponseCode, isAuthoritative: Bool, isLasting: Bool = true) -> Outcome {
        .reply(size: reply.finish(code, isAuthoritative: isAuthoritative, to: query), isLasting: isLasting)
    }
}
