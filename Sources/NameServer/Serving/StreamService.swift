import NIOCore
import NetworkModel

/// What the TCP connections of one listening socket share; bound to their event loop.
final class StreamService {
    let site: NameSite
    let forward: @Sendable (ForwardedQuery) -> Void
    private let limit: Int
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var responder: Responder
    private let memory: StreamMemory

    init(
        site: NameSite, zone: SharedZone, options: NameServerOptions, forward: @escaping @Sendable (ForwardedQuery) -> Void
    ) throws(NameServerError) {
        let responder = try Responder(zone: zone, timeToLive: options.timeToLive)
        self.site = site
        self.forward = forward
        self.responder = responder
        limit = options.connectionsPerNetwork
        memory = StreamMemory()
    }

    /// Enters a connection, or refuses it at the limit.
    func admit(_ connection: any Channel) -> Bool {
        guard connections.count < limit else { return false }
        connections[ObjectIdentifier(connection)] = connection
        return true
    }

    func leave(_ connection: any Channel) {
        connections[ObjectIdentifier(connection)] = nil
    }

    func closeAll() {
        for connection in connections.values { connection.close(promise: nil) }
    }

    enum Outcome {
        case reply([UInt8])
        case forward(ForwardedQuery.Question)
        case ignore
    }

    func respond(to message: ByteBuffer, from address: IPAddress) -> Outcome {
        let asker = site.asker(at: address)
        return unsafe message.withUnsafeReadableBytes { bytes in
            switch unsafe responder.respond(to: bytes, from: asker, over: .stream, in: memory.bytes) {
            case .reply(let size, _): unsafe .reply(Array(memory.bytes.prefix(size)))
            case .forward(let questionEnd, let limit):
                unsafe .forward(ForwardedQuery.Question(message: Array(bytes), questionEnd: questionEnd, limit: limit))
            case .ignore: .ignore
            }
        }
    }
}

/// Room for the longest message.
@safe private final class StreamMemory {
    let bytes: UnsafeMutableRawBufferPointer

    init() {
        unsafe bytes = .allocate(byteCount: Int(UInt16.max), alignment: MemoryLayout<UInt64>.alignment)
    }

    deinit {
        unsafe bytes.deallocate()
    }
}
