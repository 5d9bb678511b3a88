import CMnl
import Glibc
import NetworkModel

/// The connections that the kernel tracks in the calling thread's namespace, by ctnetlink (linux/netfilter/nfnetlink_conntrack.h).
struct TrackedConnections: ~Copyable {
    private let place: KernelNamespace
    private var socket: NetlinkSocket
    /// The namespace's own addresses.
    private let own: Set<IPAddress>

    /// From so many arrivals on all connections are read at once; for fewer the kernel picks those of each.
    private static let many = 8

    init(in place: KernelNamespace) throws(KernelError) {
        self.place = place
        socket = try NetlinkSocket(NETLINK_NETFILTER)
        own = LocalAddresses.all
    }

    /// Forgets those that were made to some arrivals and go elsewhere than translations say.
    mutating func forget(to arrivals: Set<PortArrival>, except translations: [PortArrival: PortDestination]) throws(KernelError) {
        var stray: [TrackedConnection] = []
        let own = own
        for pick in Self.picks(arrivals) {
            let outcome = socket.dump(Self.type(IPCTNL_MSG_CT_GET)) { writer in
                Self.put(pick, to: writer)
            } each: { message in
                guard let connection = TrackedConnection(message), connection.isAt(own) else { return }
                if connection.arrivals.contains(where: arrivals.contains), connection.isStray(from: translations) {
                    stray.append(connection)
                }
            }
            if case .failed(let refusal) = outcome {
                // Kernels without CONFIG_NF_CT_NETLINK.
                if [EINVAL, EOPNOTSUPP, EPROTONOSUPPORT].contains(refusal.number) { return }
                throw refusal.error("cannot read the tracked connections of \(place)")
            }
        }
        try delete(stray)
    }

    private static func type(_ message: cntl_msg_types) -> UInt16 { UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(message.rawValue) }

    /// One for each dump: nil stands for all connections.
    private static func picks(_ arrivals: Set<PortArrival>) -> [PortArrival?] {
        let picks = Set(arrivals.map { PortArrival($0.transport, IPAddress(family: $0.address.family, bits: 0), port: $0.port) })
        return picks.count < many ? Array(picks) : [nil]
    }

    /// Kernels before 5.8 ignore the filter, and give all.
    private static func put(_ pick: PortArrival?, to writer: MessageWriter) {
        writer.put(nfgenmsg(nfgen_family: pick.map { UInt8($0.address.family.number) } ?? 0, version: UInt8(NFNETLINK_V0), res_id: 0))
        guard let pick else { return }
        writer.nest(Int(CTA_TUPLE_ORIG.rawValue)) {
            writer.nest(Int(CTA_TUPLE_PROTO.rawValue)) {
                writer.put(Int(CTA_PROTO_NUM.rawValue), pick.transport.rawValue)
                writer.put(Int(CTA_PROTO_DST_PORT.rawValue), pick.port.bigEndian)
            }
        }
        writer.nest(Int(CTA_FILTER.rawValue)) {
            writer.put(Int(CTA_FILTER_ORIG_FLAGS.rawValue), Self.byProtocolAndPort)
            writer.put(Int(CTA_FILTER_REPLY_FLAGS.rawValue), UInt32(0))
        }
    }

    /// `CTA_FILTER_F_CTA_PROTO_NUM | CTA_FILTER_F_CTA_PROTO_DST_PORT` of net/netfilter/nf_internals.h.
    private static let byProtocolAndPort: UInt32 = 1 << 3 | 1 << 5

    private mutating func delete(_ connections: [TrackedConnection]) throws(KernelError) {
        var batch = MessageBatch()
        for (index, connection) in connections.enumerated() {
            batch.append(Self.type(IPCTNL_MSG_CT_DELETE), for: index) { connection.put(to: $0) }
            guard batch.isFull || index == connections.count - 1 else { continue }
            // One that ended by itself is not there any more.
            let refusals = socket.exchange(&batch).filter { $0.value.number != ENOENT }
            batch.clear()
            if let refusal = refusals.values.first { throw refusal.error("cannot forget a tracked connection of \(place)") }
        }
    }
}
