import CKnot
import Glibc
import NameZone
import NetworkModel

/// Memory for as many datagrams as one system call moves, laid out once.
@safe final class DatagramBatch {
    /// How many datagrams a system call moves. Larger batches save nothing that could be measured, and hold back the first of their replies:
    /// asker and server then work in turn, where they could work at once.
    private static let count = 8
    /// The longest query taken, in bytes: a question of 255 bytes and its EDNS options leave much to spare.
    private static let querySize = 2048
    private static let replySize = Int(ReplyMessage.datagramLimit)

    private let queries: UnsafeMutableRawBufferPointer
    private let replies: UnsafeMutableRawBufferPointer
    private let peers: UnsafeMutablePointer<skein_peer>
    private let vectors: UnsafeMutablePointer<iovec>
    private let inbox: UnsafeMutablePointer<skein_datagram>
    private let outbox: UnsafeMutablePointer<skein_datagram>
    private var cache = ReplyCache()

    init() {
        let count = Self.count
        unsafe queries = .allocate(byteCount: count * Self.querySize, alignment: MemoryLayout<UInt64>.alignment)
        unsafe replies = .allocate(byteCount: count * Self.replySize, alignment: MemoryLayout<UInt64>.alignment)
        unsafe peers = .allocate(capacity: count)
        unsafe peers.initialize(repeating: skein_peer(), count: count)
        unsafe vectors = .allocate(capacity: 2 * count)
        unsafe vectors.initialize(repeating: iovec(), count: 2 * count)
        unsafe inbox = .allocate(capacity: count)
        unsafe inbox.initialize(repeating: skein_datagram(), count: count)
        unsafe outbox = .allocate(capacity: count)
        unsafe outbox.initialize(repeating: skein_datagram(), count: count)
        for index in 0..<count { layOut(index) }
    }

    deinit {
        unsafe queries.deallocate()
        unsafe replies.deallocate()
        unsafe peers.deallocate()
        unsafe vectors.deallocate()
        unsafe inbox.deallocate()
        unsafe outbox.deallocate()
    }

    private func layOut(_ index: Int) {
        unsafe vectors[index] = iovec(
            iov_base: queries.baseAddress.map { unsafe $0 + index * Self.querySize }, iov_len: Self.querySize)
        unsafe vectors[Self.count + index] = iovec(
            iov_base: replies.baseAddress.map { unsafe $0 + index * Self.replySize }, iov_len: 0)
        unsafe inbox[index].header.msg_name = UnsafeMutableRawPointer(peers + index)
        unsafe inbox[index].header.msg_iov = vectors + index
        unsafe inbox[index].header.msg_iovlen = 1
        unsafe outbox[index].header.msg_iov = vectors + Self.count + index
        unsafe outbox[index].header.msg_iovlen = 1
    }

    /// What one call of ``exchange(on:of:with:)`` came to.
    struct Round {
        /// Questions that are to be asked elsewhere, and by whom they were asked.
        var foreign: [(ForwardedQuery.Question, PeerAddress)] = []
        /// Whether there may be more to read.
        let isFull: Bool
    }

    /// Reads what has come to a socket, up to one batch, and answers it.
    func exchange(on descriptor: Int32, of socket: DatagramSocket, with responder: inout Responder) -> Round {
        let received = receive(on: descriptor)
        // Behind the queries: an answer is never older than the zone was when the question came.
        let generation = responder.generation
        var round = Round(isFull: received == Self.count)
        var filled = 0
        for index in 0..<received {
            guard let source = unsafe PeerAddress.address(of: peers[index]), let query = unsafe query(index) else { continue }
            let known = ReplyCache.Asker(socket: socket.serial, address: source)
            if let size = unsafe cache.reply(to: query, from: known, generation: generation, in: reply(filled)) {
                address(filled, size: size, to: index)
                filled += 1
                continue
            }
            let asker = socket.site.asker(at: source)
            switch unsafe responder.respond(to: query, from: asker, over: .datagram, in: reply(filled)) {
            case .reply(let size, let isLasting):
                if isLasting {
                    unsafe cache.keep(
                        UnsafeRawBufferPointer(rebasing: reply(filled).prefix(size)), to: query, from: known, generation: generation)
                }
                address(filled, size: size, to: index)
                filled += 1
            case .forward(let questionEnd, let limit):
                let question = unsafe ForwardedQuery.Question(message: Array(query), questionEnd: questionEnd, limit: limit)
                round.foreign.append((question, peer(index)))
            case .ignore: break
            }
        }
        send(filled, on: descriptor)
        return round
    }

    private func receive(on descriptor: Int32) -> Int {
        for index in 0..<Self.count { unsafe inbox[index].header.msg_namelen = socklen_t(MemoryLayout<skein_peer>.size) }
        return unsafe max(0, Int(skein_receive_datagrams(descriptor, inbox, UInt32(Self.count))))
    }

    private func peer(_ index: Int) -> PeerAddress {
        unsafe PeerAddress(storage: peers[index], length: inbox[index].header.msg_namelen)
    }

    /// A received query, or nil when it was cut short.
    private func query(_ index: Int) -> UnsafeRawBufferPointer? {
        guard unsafe inbox[index].header.msg_flags & Int32(MSG_TRUNC) == 0 else { return nil }
        return unsafe UnsafeRawBufferPointer(start: vectors[index].iov_base, count: Int(inbox[index].length))
    }

    private func reply(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: vectors[Self.count + index].iov_base, count: Self.replySize)
    }

    private func address(_ index: Int, size: Int, to asker: Int) {
        unsafe vectors[Self.count + index].iov_len = size
        unsafe outbox[index].header.msg_name = inbox[asker].header.msg_name
        unsafe outbox[index].header.msg_namelen = inbox[asker].header.msg_namelen
    }

    /// Sends the first replies of the outbox. One that the kernel refuses (source port 0, a firewall) is passed over and harms no
    /// other; when the socket's buffer is full the rest is lost, and asked for again.
    private func send(_ count: Int, on descriptor: Int32) {
        var sent = 0
        while sent < count {
            let result = unsafe skein_send_datagrams(descriptor, outbox + sent, UInt32(count - sent))
            if result > 0 {
                sent += Int(result)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                sent += 1
            }
        }
    }
}
