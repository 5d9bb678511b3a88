import CMnl
import Glibc

/// A netlink socket, a route one unless it is said otherwise: requests go to the namespace that it was opened in, from whichever thread.
///
/// Sendable, since nothing else has its pointers: it cannot be copied, and every use of it is exclusive.
@safe struct NetlinkSocket: ~Copyable, @unchecked Sendable {
    /// Room for what the kernel sends at once in a dump, up to 32 KiB, and for the answers to one batch.
    private static let receiveSize = 1 << 16
    /// How much may wait to be read, in bytes: the refusals of a whole batch, at some 1.3 KB each with the kernel's own overhead.
    private static let queueSize: Int32 = 4 << 20
    /// How long the kernel may take for an answer, in milliseconds. It answers before the sending call returns; the bound is for a
    /// kernel that does not.
    private static let patience: Int32 = 5000

    private let socket: OpaquePointer
    private var sequence: UInt32 = 0

    /// Opens a socket in the calling thread's namespace.
    /// - Parameter family: such as `NETLINK_NETFILTER`: netlink(7).
    init(_ family: Int32 = NETLINK_ROUTE) throws(KernelError) {
        guard let opened = unsafe mnl_socket_open2(family, Int32(SOCK_CLOEXEC.rawValue)) else {
            throw .current("cannot open a netlink socket")
        }
        guard unsafe mnl_socket_bind(opened, 0, pid_t(MNL_SOCKET_AUTOPID)) == 0 else {
            let number = errno
            unsafe mnl_socket_close(opened)
            throw .errno(number, "cannot bind a netlink socket")
        }
        unsafe socket = opened
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] { unsafe Self.enable(option, of: opened) }
        ReceiveQueue.enlarge(unsafe mnl_socket_get_fd(opened), to: Self.queueSize)
    }

    deinit { unsafe mnl_socket_close(socket) }

    private static func enable(_ option: Int32, of socket: OpaquePointer) {
        var on: Int32 = 1
        _ = unsafe mnl_socket_setsockopt(socket, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private var descriptor: Int32 { unsafe mnl_socket_get_fd(socket) }

    // MARK: Batches

    /// Sends a batch and reads what the kernel says of it.
    /// - Returns: the refusals, by the message's place in the batch. A message whose answer was lost counts as refused.
    mutating func exchange(_ batch: inout MessageBatch) -> [Int: Refusal] {
        let count = batch.messages.count
        guard count > 0 else { return [:] }
        let first = sequence &+ 1
        sequence &+= UInt32(count)
        batch.number(from: first)
        guard unsafe mnl_socket_sendto(socket, batch.bytes.baseAddress, batch.bytes.count) >= 0 else {
            let refusal = Refusal(number: errno)
            return Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, refusal) })
        }
        return readRefusals(of: count, from: first)
    }

    private mutating func readRefusals(of count: Int, from first: UInt32) -> [Int: Refusal] {
        var refusals: [Int: Refusal] = [:]
        var isComplete = false
        // The answers that were lost: ENOBUFS, or none in time.
        var loss: Int32?
        while !isComplete {
            switch receive(
                waiting: loss == nil ? Self.patience : 0,
                { message in
                    let place = Int(message.sequence &- first)
                    guard message.type == MessageType.error, place < count else { return }
                    refusals[place] = Refusal(message)
                    if place == count - 1 { isComplete = true }
                })
            {
            case 0: break
            case ENOBUFS where loss == nil: loss = ENOBUFS
            case let number:
                loss = loss ?? number
                isComplete = true
            }
        }
        if let loss {
            for place in 0..<count where refusals[place] == nil { refusals[place] = Refusal(number: loss) }
        }
        return refusals.filter { $0.value.number != 0 }
    }

    // MARK: Dumps

    enum DumpOutcome {
        case complete
        /// Something changed in between (NLM_F_DUMP_INTR), or a part was lost.
        case interrupted
        case failed(Refusal)
    }

    /// Asks for all objects of a kind, and reads the answer to its end even if it is of no use any more.
    mutating func dump(_ type: UInt16, request: (MessageWriter) -> Void, each: (Message) -> Void) -> DumpOutcome {
        sequence &+= 1
        guard send(type, MessageFlags.dump, request) else { return .failed(Refusal(number: errno)) }
        let current = sequence
        var outcome: DumpOutcome?
        var wasInterrupted = false
        while outcome == nil {
            let number = receive(waiting: Self.patience) { message in
                guard message.sequence == current else { return }
                if message.flags & MessageFlags.interrupted != 0 { wasInterrupted = true }
                switch message.type {
                case MessageType.error: outcome = .failed(Refusal(message))
                case MessageType.done: outcome = Self.end(message)
                default: each(message)
                }
            }
            if number == ENOBUFS {
                wasInterrupted = true
            } else if number != 0 {
                outcome = .failed(Refusal(number: number))
            }
        }
        if case .complete = outcome, wasInterrupted { return .interrupted }
        return outcome ?? .interrupted
    }

    /// NLMSG_DONE carries an error number of its own.
    private static func end(_ message: Message) -> DumpOutcome {
        guard let number = message.read(Int32.self), number < 0 else { return .complete }
        return .failed(Refusal(number: -number))
    }

    // MARK: One object

    /// Asks for one object.
    /// - Returns: 0 if the answer came, or an error number.
    mutating func get(_ type: UInt16, request: (MessageWriter) -> Void, answer: (Message) -> Void) -> Int32 {
        sequence &+= 1
        guard send(type, 0, request) else { return errno }
        let current = sequence
        var result: Int32?
        while result == nil {
            let number = receive(waiting: Self.patience) { message in
                guard message.sequence == current else { return }
                if message.type == MessageType.error {
                    result = Refusal(message).number
                } else {
                    answer(message)
                    result = 0
                }
            }
            if number != 0 { result = number }
        }
        return result ?? EBADMSG
    }

    private func send(_ type: UInt16, _ flags: UInt16, _ request: (MessageWriter) -> Void) -> Bool {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: MessageWriter.room, alignment: MemoryLayout<UInt64>.alignment)
        defer { unsafe memory.deallocate() }
        let writer = unsafe MessageWriter(at: memory, type: type, flags: flags, sequence: sequence)
        request(writer)
        return unsafe mnl_socket_sendto(socket, memory, writer.length) >= 0
    }

    // MARK: Receiving

    /// Reads what the kernel sent in one piece.
    /// - Returns: 0, or an error number: `ETIMEDOUT`; `ENOBUFS` if something was lost; `ENOSPC` for a piece larger than the buffer.
    private func receive(waiting milliseconds: Int32, _ each: (Message) -> Void) -> Int32 {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = unsafe poll(&entry, 1, milliseconds)
        guard ready != 0 else { return ETIMEDOUT }
        guard ready > 0 else { return errno == EINTR ? 0 : errno }
        // Not kept: there may be hundreds of sockets.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.receiveSize, alignment: MemoryLayout<UInt64>.alignment)
        defer { unsafe buffer.deallocate() }
        let count = unsafe mnl_socket_recvfrom(socket, buffer.baseAddress, buffer.count)
        guard count >= 0 else { return errno == EINTR || errno == EAGAIN ? 0 : errno }
        unsafe Messages.forEach(in: UnsafeRawBufferPointer(buffer), count: count, each)
        return 0
    }
}

/// How much a socket keeps until it is read.
enum ReceiveQueue {
    /// Above the machine's own limit where we may: SO_RCVBUFFORCE needs CAP_NET_ADMIN.
    static func enlarge(_ descriptor: Int32, to size: Int32) {
        var size = size
        let length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, length) != 0 else { return }
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
    }
}
