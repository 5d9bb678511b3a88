import CKnot
import NameZone
import NetworkModel

/// A reply under libknot's writer, straight into the memory it is sent from. One packet serves all replies.
@safe struct ReplyMessage: ~Copyable {
    /// What we take ourselves over UDP, in bytes: it fits an Ethernet frame over any tunnel (DNS flag day 2020).
    static let datagramLimit: UInt16 = 1232

    private let packet: UnsafeMutablePointer<knot_pkt_t>
    private let idle: UnsafeMutablePointer<UInt8>
    /// The OPT record of every reply to a query that had one.
    private let edns: UnsafeMutablePointer<knot_rrset_t>
    private var data: RecordData

    init() throws(NameServerError) {
        unsafe idle = UnsafeMutablePointer<UInt8>.allocate(capacity: MessageHeader.size)
        unsafe idle.initialize(repeating: 0, count: MessageHeader.size)
        unsafe edns = UnsafeMutablePointer<knot_rrset_t>.allocate(capacity: 1)
        unsafe edns.initialize(to: knot_rrset_t())
        data = RecordData()
        guard unsafe knot_edns_init(edns, Self.datagramLimit, 0, 0, nil) == KNOT_EOK.rawValue,
            let packet = unsafe knot_pkt_new(idle, UInt16(MessageHeader.size), nil)
        else {
            unsafe knot_rrset_clear(edns, nil)
            unsafe edns.deallocate()
            unsafe idle.deallocate()
            throw .outOfMemory
        }
        unsafe self.packet = packet
    }

    deinit {
        unsafe skein_knot_use_wire(packet, idle, MessageHeader.size, MessageHeader.size)
        unsafe knot_pkt_free(packet)
        unsafe knot_rrset_clear(edns, nil)
        unsafe edns.deallocate()
        unsafe idle.deallocate()
    }

    /// Begins a reply in memory that has to live until ``finish(_:isAuthoritative:to:)`` was called.
    mutating func begin(to query: borrowing QueryMessage, in memory: UnsafeMutableRawBufferPointer, limit: Int) -> Bool {
        guard let base = memory.baseAddress else { return false }
        let capacity = min(limit, memory.count, Int(UInt16.max))
        unsafe skein_knot_use_wire(packet, base.assumingMemoryBound(to: UInt8.self), MessageHeader.size, capacity)
        guard capacity >= MessageHeader.size, unsafe query.beginReply(in: packet) else { return false }
        return unsafe !query.hasEDNS || knot_pkt_reserve(packet, UInt16(knot_edns_wire_size(edns))) == KNOT_EOK.rawValue
    }

    /// Puts one record an address: as many as fit a stream's message, or all or none of a datagram's, with TC set.
    mutating func put(_ addresses: [IPAddress], timeToLive: UInt32, isStream: Bool) {
        guard let family = addresses.first?.family else { return }
        let recordSize = Self.fixedRecordSize + family.width / 8
        let room = unsafe (packet.pointee.max_size - packet.pointee.size - Int(packet.pointee.reserved)) / recordSize
        let count = min(addresses.count, isStream ? room : RecordData.capacity / recordSize)
        data.fill(with: addresses.prefix(count), width: family.width)
        put(type: family == .v4 ? .a : .aaaa, timeToLive: timeToLive)
    }

    mutating func put(pointers: [String], timeToLive: UInt32) {
        data.fill(with: pointers.compactMap(DomainName.wire(of:)))
        put(type: .ptr, timeToLive: timeToLive)
    }

    private mutating func put(type: RecordType, timeToLive: UInt32) {
        guard data.count > 0 else { return }
        _ = unsafe skein_knot_put_records(packet, type.rawValue, timeToLive, data.bytes, UInt16(data.count), UInt32(data.size))
    }

    /// A compressed name, type, class, TTL and length: a record without its data, in bytes.
    private static let fixedRecordSize = 12

    /// Writes the flags and the OPT record.
    /// - Returns: the size of the message, in bytes.
    mutating func finish(_ code: ResponseCode, isAuthoritative: Bool, to query: borrowing QueryMessage) -> Int {
        if query.hasEDNS { putEDNS(code, wantsDNSSEC: query.wantsDNSSEC) }
        if let wire = unsafe packet.pointee.wire {
            let isTruncated = unsafe MessageHeader.isTruncated(wire[2])
            unsafe (wire[2], wire[3]) = MessageHeader.replyFlags(
                to: query.flags, code, isAuthoritative: isAuthoritative, isTruncated: isTruncated)
        }
        return unsafe packet.pointee.size
    }

    private func putEDNS(_ code: ResponseCode, wantsDNSSEC: Bool) {
        // The TTL of an OPT record holds the extended code, the version and the flags (RFC 6891 section 6.1.3).
        unsafe edns.pointee.ttl = UInt32(code.high) << 24
        // A DO bit comes back (RFC 3225 section 3).
        if wantsDNSSEC { unsafe knot_edns_set_do(edns) }
        unsafe knot_pkt_reclaim(packet, UInt16(knot_edns_wire_size(edns)))
        unsafe knot_pkt_begin(packet, KNOT_ADDITIONAL)
        _ = unsafe knot_pkt_put_rotate(packet, UInt16(KNOT_COMPR_HINT_NOCOMP.rawValue), edns, 0, UInt16(KNOT_PF_NOTRUNC))
    }
}
