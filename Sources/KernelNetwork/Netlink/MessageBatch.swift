import CMnl

/// Messages that are sent to the kernel together. It carries them out one after the other, whatever becomes of those before.
@safe struct MessageBatch: ~Copyable {
    /// How much is sent at once, in bytes: more spares next to nothing and has to be copied in larger pieces.
    private static let capacity = 1 << 16

    private let memory: UnsafeMutableRawPointer
    private(set) var size = 0
    /// The change that each message belongs to, and the refusals of it that are none.
    private(set) var messages: [Entry] = []
    private var lastOffset = 0

    struct Entry {
        let change: Int
        /// Error numbers that say that what is to be deleted is not there.
        let tolerated: Set<Int32>
    }

    init() {
        unsafe memory = .allocate(byteCount: Self.capacity + MessageWriter.room, alignment: MemoryLayout<UInt64>.alignment)
    }

    deinit { unsafe memory.deallocate() }

    var isEmpty: Bool { messages.isEmpty }
    var isFull: Bool { size >= Self.capacity }

    /// What is to be sent. The last message is acknowledged, the others only if they fail: when the last has an answer, all have.
    var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: memory, count: size) }

    mutating func append(
        _ type: UInt16, _ flags: UInt16 = 0, for change: Int, tolerating tolerated: Set<Int32> = [], _ body: (MessageWriter) -> Void
    ) {
        let writer = unsafe MessageWriter(at: memory + size, type: type, flags: flags, sequence: 0)
        body(writer)
        advance(by: writer.length, Entry(change: change, tolerated: tolerated))
    }

    /// Appends a message that was made elsewhere.
    mutating func append(_ message: borrowing BuiltMessage, for change: Int, tolerating tolerated: Set<Int32> = []) {
        let bytes = unsafe message.bytes
        unsafe (memory + size).copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count)
        advance(by: bytes.count, Entry(change: change, tolerated: tolerated))
    }

    private mutating func advance(by length: Int, _ entry: Entry) {
        lastOffset = size
        size += (length + 3) & ~3
        messages.append(entry)
    }

    /// Numbers the messages, and asks for the acknowledgement of the last.
    mutating func number(from first: UInt32) {
        var offset = 0
        var sequence = first
        while offset < size {
            let header = unsafe (memory + offset).assumingMemoryBound(to: nlmsghdr.self)
            unsafe header.pointee.nlmsg_seq = sequence
            unsafe header.pointee.nlmsg_pid = 0
            unsafe header.pointee.nlmsg_flags |= MessageFlags.request
            if offset == lastOffset { unsafe header.pointee.nlmsg_flags |= MessageFlags.acknowledge }
            sequence &+= 1
            unsafe offset += (Int(header.pointee.nlmsg_len) + 3) & ~3
        }
    }

    mutating func clear() {
        size = 0
        lastOffset = 0
        messages.removeAll(keepingCapacity: true)
    }
}
