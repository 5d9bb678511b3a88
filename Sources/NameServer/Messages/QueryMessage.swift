import CKnot
import NameZone

/// A query under libknot's parser. One packet serves all queries, so that a query costs no allocation.
@safe struct QueryMessage: ~Copyable {
    private let packet: UnsafeMutablePointer<knot_pkt_t>
    /// What the packet points at between queries.
    private let idle: UnsafeMutablePointer<UInt8>

    init() throws(NameServerError) {
        unsafe idle = UnsafeMutablePointer<UInt8>.allocate(capacity: MessageHeader.size)
        unsafe idle.initialize(repeating: 0, count: MessageHeader.size)
        guard let packet = unsafe knot_pkt_new(idle, UInt16(MessageHeader.size), nil) else {
            unsafe idle.deallocate()
            throw .outOfMemory
        }
        unsafe self.packet = packet
    }

    deinit {
        unsafe knot_pkt_free(packet)
        unsafe idle.deallocate()
    }

    /// Parses a message, which has to live until the next call.
    /// - Returns: whether it is well formed, with one question and nothing behind its last record.
    mutating func parse(_ message: UnsafeRawBufferPointer) -> Bool {
        clear()
        guard let base = message.baseAddress, message.count >= MessageHeader.size, message.count <= UInt16.max else { return false }
        // Read only: the flags below keep libknot from rewriting what it parses.
        let wire = unsafe UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: UInt8.self)
        unsafe skein_knot_use_wire(packet, wire, message.count, message.count)
        let status = unsafe knot_pkt_parse(packet, UInt32(KNOT_PF_KEEPWIRE | KNOT_PF_NOCANON))
        return status == KNOT_EOK.rawValue && questionEnd > MessageHeader.size
    }

    /// Frees what the last parse allocated and leaves its memory.
    mutating func clear() {
        unsafe skein_knot_use_wire(packet, idle, MessageHeader.size, MessageHeader.size)
        unsafe knot_pkt_clear(packet)
    }

    var type: RecordType { unsafe RecordType(rawValue: knot_pkt_qtype(packet)) }
    var isInternet: Bool { unsafe knot_pkt_qclass(packet) == UInt16(KNOT_CLASS_IN.rawValue) }
    /// Where the question ends, in bytes from the start.
    var questionEnd: Int { unsafe MessageHeader.size + Int(knot_pkt_question_size(packet)) }
    /// The header's two bytes of flags.
    var flags: (UInt8, UInt8) { unsafe (packet.pointee.wire[2], packet.pointee.wire[3]) }
    var hasEDNS: Bool { unsafe knot_pkt_has_edns(packet) }
    var wantsDNSSEC: Bool { unsafe knot_pkt_has_dnssec(packet) }
    var ednsVersion: UInt8 { unsafe hasEDNS ? skein_knot_edns_version(packet) : 0 }

    /// The largest datagram the asker takes, in bytes: at least 512 (RFC 6891 section 6.2.3).
    var datagramLimit: Int {
        unsafe hasEDNS ? max(MessageHeader.plainDatagramLimit, Int(skein_knot_edns_payload(packet))) : MessageHeader.plainDatagramLimit
    }

    /// The name asked for, in lower case, without the final dot; nil when a label holds a dot, as none of our names does.
    var foldedName: String? {
        guard let name = unsafe knot_pkt_qname(packet) else { return nil }
        return unsafe DomainName.text(ofWire: name)
    }

    /// Makes a reply to this query in a packet that has memory: header and question, byte for byte.
    func beginReply(in reply: UnsafeMutablePointer<knot_pkt_t>) -> Bool {
        unsafe knot_pkt_init_response(reply, packet) == KNOT_EOK.rawValue
    }
}
