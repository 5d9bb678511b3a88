import CMnl

/// Types of messages: linux/rtnetlink.h. In C they are integers of no particular width.
enum MessageType {
    static let newLink = UInt16(RTM_NEWLINK)
    static let deleteLink = UInt16(RTM_DELLINK)
    static let getLink = UInt16(RTM_GETLINK)
    static let setLink = UInt16(RTM_SETLINK)
    static let newAddress = UInt16(RTM_NEWADDR)
    static let getAddress = UInt16(RTM_GETADDR)
    static let newRoute = UInt16(RTM_NEWROUTE)
    static let getRoute = UInt16(RTM_GETROUTE)
    static let newNeighbour = UInt16(RTM_NEWNEIGH)
    static let deleteNeighbour = UInt16(RTM_DELNEIGH)
    static let getNeighbour = UInt16(RTM_GETNEIGH)
    static let error = UInt16(NLMSG_ERROR)
    static let done = UInt16(NLMSG_DONE)
}

/// Flags of messages: linux/netlink.h.
enum MessageFlags {
    static let request = UInt16(NLM_F_REQUEST)
    static let acknowledge = UInt16(NLM_F_ACK)
    static let dump = UInt16(NLM_F_DUMP)
    static let interrupted = UInt16(NLM_F_DUMP_INTR)
    static let hasErrorAttributes = UInt16(NLM_F_ACK_TLVS)
    static let errorIsCapped = UInt16(NLM_F_CAPPED)
    static let create = UInt16(NLM_F_CREATE)
    static let createNew = UInt16(NLM_F_CREATE | NLM_F_EXCL)
    static let replace = UInt16(NLM_F_CREATE | NLM_F_REPLACE)
    static let append = UInt16(NLM_F_CREATE | NLM_F_APPEND)
}
