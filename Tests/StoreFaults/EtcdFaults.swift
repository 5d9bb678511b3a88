public import ClusterStore
public import FaultProxy
public import TestSupport

/// What faults look like in etcd's v3 JSON gateway, whoever serves it.
public protocol EtcdFaults {}

extension EtcdFaults {
    public static func isWatch(_ request: FakeRequest) -> Bool { request.line.hasSuffix("/v3/watch") }
    /// A read transaction of one range.
    public static func isList(_ request: FakeRequest) -> Bool {
        request.line.hasSuffix("/v3/kv/txn") && !request.body.contains("request_put") && request.body.contains("range_end")
    }

    public static var impostors: [String] {
        ["{}", #"{"header":{}}"#, #"{"result":{}}"#, #"{"status":"ok"}"#, "[]", "null", #""ok""#, ""]
    }

    public static func emptyList(at revision: StoreRevision) -> Fault? {
        .replace(
            body: #"{"header":{"revision":"\#(revision.rawValue)"},"succeeded":true,"responses":[{"response_range":{"header":{}}}]}"#
        )
    }
}
