import CMnl
import Glibc

/// The sockets that tell of changes in one namespace. They keep the namespace alive.
struct MonitorSockets: ~Copyable, Sendable {
    /// Links, neighbours with forwarding entries, addresses and routes: linux/rtnetlink.h.
    private static let routeGroups =
        RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE
    /// A mask has bit n - 1 for group n.
    private static let ruleGroups = Int32(1) << (Int32(NFNLGRP_NFTABLES.rawValue) - 1)

    let routes: Int32
    /// Of packet rules.
    let rules: Int32

    /// Opens them in the calling thread's namespace.
    init(queueSize: Int32) throws(KernelError) {
        let first = try Self.open(NETLINK_ROUTE, groups: Self.routeGroups, queueSize)
        let second: Int32
        do throws(KernelError) {
            second = try Self.open(NETLINK_NETFILTER, groups: Self.ruleGroups, queueSize)
        } catch {
            close(first)
            throw error
        }
        (routes, rules) = (first, second)
    }

    deinit {
        close(routes)
        close(rules)
    }

    private static func open(_ number: Int32, groups: Int32, _ queueSize: Int32) throws(KernelError) -> Int32 {
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_NETLINK, type, number)
        guard descriptor >= 0 else { throw .current("cannot open a netlink socket") }
        ReceiveQueue.enlarge(descriptor, to: queueSize)
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = UInt32(groups)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
            }
        }
        guard status == 0 else {
            let number = errno
            close(descriptor)
            throw .errno(number, "cannot listen for changes")
        }
        return descriptor
    }
}

/// What a monitor's socket had to tell.
struct Notices {
    var isChanged = false
    var isOverrun = false

    /// The event for it, or nil.
    var event: KernelEvent? { isOverrun ? .overrun : isChanged ? .changed : nil }

    /// How many pieces are read before the other sockets' turn.
    private static let piecesPerTurn = 256

    /// Reads what is there.
    mutating func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, _ isNews: (Message) -> Bool) {
        for _ in 0..<Self.piecesPerTurn {
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                isChanged = unsafe Messages.contain(UnsafeRawBufferPointer(buffer), count: count, isNews) || isChanged
            } else if count < 0, errno == ENOBUFS {
                isOverrun = true
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}

extension Message {
    /// Whether it can be about what Skein writes. What the kernel learns and forgets by itself is not, and there is much of it.
    var isNews: Bool {
        guard type == MessageType.newNeighbour || type == MessageType.deleteNeighbour else { return true }
        guard let header = read(ndmsg.self) else { return true }
        let isStatic = header.ndm_state & UInt16(NUD_PERMANENT | NUD_NOARP) != 0
        // A neighbour that is deleted has no state any more that tells what it was.
        return isStatic || (type == MessageType.deleteNeighbour && Int32(header.ndm_family) != AF_BRIDGE)
    }
}
