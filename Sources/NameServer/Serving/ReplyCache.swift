import NetworkModel

/// The latest replies to datagrams: the same question, from the same asker, gets the same bytes until the zone changes, without being read.
///
/// Each slot holds one reply, and the next question that falls into it takes its place: nothing is searched and nothing grows.
@safe struct ReplyCache: ~Copyable {
    /// Who asked: the socket, by its serial number, and the address.
    struct Asker: Hashable, Sendable {
        let socket: Int
        let address: IPAddress
    }

    private struct Slot {
        /// Of the zone; 0 for a slot that was never used.
        var generation: UInt64 = 0
        var asker = ReplyCache.Asker(socket: 0, address: IPAddress(0, 0, 0, 0))
        var querySize = 0
        var replySize = 0
    }

    /// A power of two. Memory that no reply has been written to is never touched.
    private static let count = 1024
    /// The longest query and reply that are kept, in bytes: those of nearly all names.
    private static let querySize = 128
    private static let replySize = 256
    /// The id, which is the asker's own and no part of what is compared.
    private static let idSize = 2

    private let slots: UnsafeMutablePointer<Slot>
    private let bytes: UnsafeMutableRawPointer

    init() {
        unsafe slots = .allocate(capacity: Self.count)
        unsafe slots.initialize(repeating: Slot(), count: Self.count)
        unsafe bytes = .allocate(byteCount: Self.count * (Self.querySize + Self.replySize), alignment: MemoryLayout<UInt64>.alignment)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe bytes.deallocate()
    }

    /// Writes the reply to a query, if it is known.
    ///
    /// - Parameter generation: of the zone, read before the query is looked up.
    /// - Returns: the size of the reply in bytes, or nil.
    func reply(
        to query: UnsafeRawBufferPointer, from asker: Asker, generation: UInt64, in memory: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard query.count > Self.idSize, query.count <= Self.querySize else { return nil }
        let index = unsafe Self.index(of: query, from: asker)
        let slot = unsafe slots[index]
        guard slot.generation == generation, slot.querySize == query.count, slot.asker == asker, slot.replySize <= memory.count,
            unsafe query.dropFirst(Self.idSize).elementsEqual(queryBytes(index, count: query.count).dropFirst(Self.idSize))
        else { return nil }
        unsafe memory.copyMemory(from: UnsafeRawBufferPointer(replyBytes(index, count: slot.replySize)))
        unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: query.prefix(Self.idSize)))
        return slot.replySize
    }

    /// Keeps a reply that the same query gets for as long as the zone has this generation.
    /// - Parameter generation: of the zone, read before the reply was made.
    mutating func keep(
        _ reply: UnsafeRawBufferPointer, to query: UnsafeRawBufferPointer, from asker: Asker, generation: UInt64
    ) {
        guard query.count > Self.idSize, query.count <= Self.querySize, reply.count <= Self.replySize else { return }
        let index = unsafe Self.index(of: query, from: asker)
        unsafe slots[index] = Slot(generation: generation, asker: asker, querySize: query.count, replySize: reply.count)
        unsafe queryBytes(index, count: query.count).copyMemory(from: query)
        unsafe replyBytes(index, count: reply.count).copyMemory(from: reply)
    }

    private func queryBytes(_ index: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: bytes + index * (Self.querySize + Self.replySize), count: count)
    }

    private func replyBytes(_ index: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: bytes + index * (Self.querySize + Self.replySize) + Self.querySize, count: count)
    }

    /// Mixes eight bytes at a time. Whoever makes questions that fall into one slot only makes them slower.
    private static func index(of query: UnsafeRawBufferPointer, from asker: Asker) -> Int {
        var hash = UInt64(truncatingIfNeeded: asker.address.bits) ^ UInt64(truncatingIfNeeded: asker.socket) << 32
        var offset = idSize
        while offset + 8 <= query.count {
            hash = unsafe mix(hash, query.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        for index in offset..<query.count { hash = unsafe mix(hash, UInt64(query[index])) }
        return Int(hash & UInt64(count - 1))
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 32
    }
}
