import EtcdProtocol
import Testing

/// What the gateways of etcd 3.5 and 3.6 write otherwise than 3.4 does. No such etcd was asked: the bodies are made from grpc-gateway's
/// documents (3.5 has 1.16, 3.6 has 2 with protobuf's own JSON, whose spaces differ from build to build) and etcd's issue 21100.
struct VersionTests {
    @Test(arguments: [
        // 3.4
        #"{"error":"etcdserver: requested lease not found","message":"etcdserver: requested lease not found","code":5}"#,
        // 3.5
        #"{"error":"etcdserver: requested lease not found","code":5,"message":"etcdserver: requested lease not found"}"#,
        // 3.6
        #"{"code":5, "message":"etcdserver: requested lease not found"}"#,
        #"{"code": 5, "message": "etcdserver: requested lease not found", "details": []}"#,
        // Before 3.4.
        #"{"error":"etcdserver: requested lease not found","code":5}"#,
    ])
    func `an error is the same in every version`(text: String) throws {
        #expect(try EtcdJSON.decode(EtcdErrorBody.self, from: text.utf8) == .leaseNotFound)
    }

    @Test(arguments: [
        #"{"error":{"grpc_code":16,"http_code":401,"message":"etcdserver: invalid auth token","http_status":"Unauthorized"}}"#,
        #"{"error":{"code":16, "message":"etcdserver: invalid auth token", "details":[]}}"#,
    ])
    func `so is an error within a stream`(text: String) throws {
        #expect(try EtcdJSON.decode(EtcdStreamFrame<EtcdWatchResponse>.self, from: text.utf8) == .error(.invalidToken))
    }

    @Test(arguments: [
        // 3.4 and 3.5
        #"{"result":{"header":{"revision":"9","raft_term":"2"},"events":[{"kv":{"key":"YQ==","mod_revision":"9"}},"#
            + #"{"type":"DELETE","kv":{"key":"Yg==","mod_revision":"9"}}]}}"#,
        // 3.6, and one that writes all zeros
        #"{"result": {"header": {"revision": "9", "raft_term": "2"}, "watch_id": "0", "created": false, "events": [{"type": "PUT", "#
            + #""kv": {"key": "YQ==", "mod_revision": "9", "value": ""}}, {"type": "DELETE", "#
            + #""kv": {"key": "Yg==", "mod_revision": "9"}, "prev_kv": null}]}}"#,
        #"{"result":{"header":{"cluster_id":0,"revision":9,"raft_term":2},"some_new_field":{"x":[1]},"events":[{"type":0,"#
            + #""kv":{"key":"YQ==","mod_revision":9}},{"type":1,"kv":{"key":"Yg==","mod_revision":9}}]}}"#,
    ])
    func `zeros may be there or not, numbers may be text or not, and what is new is passed over`(text: String) throws {
        let events = [
            EtcdEvent(type: .put, kv: EtcdKeyValue(key: Array("a".utf8), modRevision: 9)),
            EtcdEvent(type: .delete, kv: EtcdKeyValue(key: Array("b".utf8), modRevision: 9)),
        ]
        let response = EtcdWatchResponse(header: EtcdResponseHeader(revision: 9, raftTerm: 2), events: events)
        #expect(try EtcdJSON.decode(EtcdStreamFrame<EtcdWatchResponse>.self, from: text.utf8) == .result(response))
    }

    @Test(arguments: [
        // 3.4
        "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
        "rpc error: code = InvalidArgument desc = etcdserver: user name is empty",
        // 3.5 and 3.6
        "etcdserver: invalid auth token", "etcdserver: user name is empty", "etcdserver: revision of auth store is old",
    ])
    func `a watch that is ended for its token is known by its reason`(reason: String) {
        #expect(EtcdErrorBody(.unknown, reason).isAboutToken)
        #expect(!EtcdErrorBody.permissionDenied.isAboutToken && !EtcdErrorBody.compacted.isAboutToken)
    }

    @Test func `a token is asked for and read as etcd was asked with curl`() throws {
        try expectSame(#"{"name":"skein","password":"pw"}"#, EtcdAuthenticateRequest(name: "skein", password: "pw"))
        try expectSame(
            "{\(Captured.headerJSON),\"token\":\"oEGgVMSUfNSiMSAs.13\"}",
            EtcdAuthenticateResponse(header: Captured.header, token: "oEGgVMSUfNSiMSAs.13"))
    }
}
