import CMnl
import Glibc
import NetworkModel

/// One connection, by its first packet.
struct TrackedConnection {
    private var transport: TransportProtocol
    private var source: PortDestination
    private var target: PortDestination
    /// Where it goes: what answers come from.
    private var actual: PortDestination
    /// Says that no later one between the same ends is meant.
    private var id: UInt32?
    private var zone: UInt16?

    /// nil for one of another protocol.
    init?(_ message: Message) {
        var (original, reply): (Tuple?, Tuple?)
        for attribute in message.attributes(after: nfgenmsg.self) {
            switch attribute.type {
            case Int(CTA_TUPLE_ORIG.rawValue): original = Tuple(attribute)
            case Int(CTA_TUPLE_REPLY.rawValue): reply = Tuple(attribute)
            case Int(CTA_ID.rawValue): id = attribute.uint32
            case Int(CTA_ZONE.rawValue): zone = attribute.uint16
            default: break
            }
        }
        guard let original, let reply else { return nil }
        (transport, source, target, actual) = (original.transport, original.source, original.target, reply.source)
    }

    private struct Tuple {
        let transport: TransportProtocol
        let source: PortDestination
        let target: PortDestination

        init?(_ attribute: Attribute) {
            var (from, to): (IPAddress?, IPAddress?)
            var (number, sourcePort, targetPort): (UInt8?, UInt16?, UInt16?)
            for part in attribute.nested {
                let isAddress = part.type == Int(CTA_TUPLE_IP.rawValue)
                for field in part.nested {
                    switch (isAddress, field.type) {
                    case (true, Int(CTA_IP_V4_SRC.rawValue)), (true, Int(CTA_IP_V6_SRC.rawValue)): from = field.address
                    case (true, Int(CTA_IP_V4_DST.rawValue)), (true, Int(CTA_IP_V6_DST.rawValue)): to = field.address
                    case (false, Int(CTA_PROTO_NUM.rawValue)): number = field.uint8
                    case (false, Int(CTA_PROTO_SRC_PORT.rawValue)): sourcePort = field.uint16
                    case (false, Int(CTA_PROTO_DST_PORT.rawValue)): targetPort = field.uint16
                    default: break
                    }
                }
            }
            guard let transport = number.flatMap({ TransportProtocol(rawValue: $0) }), let from, let to, let sourcePort, let targetPort
            else {
                return nil
            }
            self.transport = transport
            source = PortDestination(from, port: UInt16(bigEndian: sourcePort))
            target = PortDestination(to, port: UInt16(bigEndian: targetPort))
        }
    }

    /// Whether it was made to one of a namespace's own addresses, and not to the IPv6 loopback one, which is never translated.
    func isAt(_ own: Set<IPAddress>) -> Bool {
        target.address.isLoopback ? target.address.family == .v4 : own.contains(target.address)
    }

    /// The arrivals that stand for it, the one that decides first.
    var arrivals: [PortArrival] {
        [target.address, IPAddress(family: target.address.family, bits: 0)].map { PortArrival(transport, $0, port: target.port) }
    }

    func isStray(from translations: [PortArrival: PortDestination]) -> Bool {
        actual != arrivals.lazy.compactMap { translations[$0] }.first ?? target
    }

    /// Names it in a message.
    func put(to writer: MessageWriter) {
        let family = target.address.family
        writer.put(nfgenmsg(nfgen_family: UInt8(family.number), version: UInt8(NFNETLINK_V0), res_id: 0))
        writer.nest(Int(CTA_TUPLE_ORIG.rawValue)) {
            writer.nest(Int(CTA_TUPLE_IP.rawValue)) {
                writer.put(Int((family == .v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue), source.address)
                writer.put(Int((family == .v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue), target.address)
            }
            writer.nest(Int(CTA_TUPLE_PROTO.rawValue)) {
                writer.put(Int(CTA_PROTO_NUM.rawValue), transport.rawValue)
                writer.put(Int(CTA_PROTO_SRC_PORT.rawValue), source.port.bigEndian)
                writer.put(Int(CTA_PROTO_DST_PORT.rawValue), target.port.bigEndian)
            }
        }
        if let id { writer.put(Int(CTA_ID.rawValue), id) }
        if let zone { writer.put(Int(CTA_ZONE.rawValue), zone) }
    }
}
