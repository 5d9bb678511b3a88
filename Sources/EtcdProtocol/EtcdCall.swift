/// The calls of the gateway that Skein makes and serves.
public enum EtcdCall: String, CaseIterable, Sendable {
    case range = "kv/range"
    case put = "kv/put"
    case deleteRange = "kv/deleterange"
    case txn = "kv/txn"
    case compaction = "kv/compaction"
    case watch = "watch"
    case leaseGrant = "lease/grant"
    case leaseRevoke = "lease/revoke"
    case leaseKeepAlive = "lease/keepalive"
    case leaseTimeToLive = "lease/timetolive"
    case status = "maintenance/status"
    case authenticate = "auth/authenticate"
    case snapshot = "maintenance/snapshot"
    case alarm = "maintenance/alarm"

    /// The path of the URL, to which the request is posted.
    public var path: String { "/v3/" + rawValue }
}
