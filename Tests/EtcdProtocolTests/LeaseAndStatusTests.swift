import EtcdProtocol
import Testing

struct LeaseAndStatusTests {
    @Test func `a granted lease`() throws {
        try expectSame("{\(Captured.headerJSON),\"ID\":\"777\",\"TTL\":\"5\"}", EtcdLeaseResponse(header: Captured.header, id: 777, ttl: 5))
        try expectSame(#"{"TTL":"5","ID":"777"}"#, EtcdLeaseGrantRequest(ttl: 5, id: 777))
        try expectSame(#"{"ID":"777"}"#, EtcdLeaseRequest(id: 777))
    }

    @Test func `the renewal of a lease that is gone has no time to live`() throws {
        try expectSame(
            "{\"result\":{\(Captured.headerJSON),\"ID\":\"778\"}}",
            EtcdStreamFrame.result(EtcdLeaseResponse(header: Captured.header, id: 778, ttl: 0)))
    }

    @Test func `how long a lease lives, and what it holds`() throws {
        try expectSame(
            "{\(Captured.headerJSON),\"ID\":\"777\",\"TTL\":\"4\",\"grantedTTL\":\"5\",\"keys\":[\"bA==\"]}",
            EtcdLeaseTimeToLiveResponse(header: Captured.header, id: 777, ttl: 4, grantedTTL: 5, keys: [Array("l".utf8)]))
        try expectSame(
            "{\(Captured.headerJSON),\"ID\":\"778\",\"TTL\":\"-1\"}", EtcdLeaseTimeToLiveResponse(header: Captured.header, id: 778, ttl: -1)
        )
        try expectSame(#"{"ID":"777","keys":true}"#, EtcdLeaseTimeToLiveRequest(id: 777, keys: true))
    }

    @Test func `the status of a member`() throws {
        try expectSame(
            "{\(Captured.headerJSON),"
                + #""version":"3.4.23","dbSize":"20480","leader":"13668033151171901709","raftIndex":"20","raftTerm":"2","#
                + #""raftAppliedIndex":"20","dbSizeInUse":"16384"}"#,
            EtcdStatusResponse(
                header: Captured.header, version: "3.4.23", dbSize: 20480, leader: 13_668_033_151_171_901_709, raftIndex: 20, raftTerm: 2,
                raftAppliedIndex: 20, dbSizeInUse: 16384))
    }

    @Test func `an error is read and written as etcd writes it`() throws {
        try expectSame(
            #"{"error":"etcdserver: requested lease not found","message":"etcdserver: requested lease not found","code":5}"#,
            EtcdErrorBody.leaseNotFound)
        #expect(EtcdErrorBody.leaseNotFound.code.httpStatus == 404)
        #expect(EtcdErrorBody.compacted.code.httpStatus == 400)
        #expect(EtcdErrorBody.leaseExists.code.httpStatus == 412)
    }

    @Test func `an error of a newer gateway has no second sentence`() throws {
        let text = #"{"code":14,"message":"etcdserver: no leader","details":[]}"#
        #expect(try EtcdJSON.decode(EtcdErrorBody.self, from: text.utf8) == .noLeader)
    }

    @Test func `a code that is not known yet is kept`() throws {
        let body = try EtcdJSON.decode(EtcdErrorBody.self, from: #"{"message":"x","code":99}"#.utf8)
        #expect(body.code.rawValue == 99 && body.code.httpStatus == 500)
    }
}
