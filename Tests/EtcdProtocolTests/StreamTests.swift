import EtcdProtocol
import Testing

struct StreamTests {
    typealias Frame = EtcdStreamFrame<EtcdWatchResponse>

    @Test func `events are read and written as etcd writes them`() throws {
        try expectSame(
            Captured.events,
            Frame.result(
                EtcdWatchResponse(
                    header: Captured.header,
                    events: [
                        EtcdEvent(type: .put, kv: Captured.keyValue),
                        EtcdEvent(type: .delete, kv: EtcdKeyValue(key: Array("w/1".utf8), modRevision: 11)),
                    ])))
    }

    @Test func `a compacted watch names the oldest revision`() throws {
        try expectSame(Captured.compacted, Frame.result(EtcdWatchResponse(header: Captured.header, canceled: true, compactRevision: 3)))
    }

    @Test func `the beginning of a watch, and its progress`() throws {
        try expectSame(
            "{\"result\":{\(Captured.headerJSON),\"created\":true}}",
            Frame.result(EtcdWatchResponse(header: Captured.header, created: true)))
        try expectSame(
            "{\"result\":{\(Captured.headerJSON),\"watch_id\":\"-1\"}}",
            Frame.result(EtcdWatchResponse(header: Captured.header, watchID: -1)))
    }

    @Test(arguments: [
        #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader","http_status":"Service Unavailable"}}"#,
        #"{"error":{"code":14,"message":"etcdserver: no leader"}}"#,
    ])
    func `an error ends a stream, in the words of old and new gateways`(text: String) throws {
        #expect(try EtcdJSON.decode(Frame.self, from: text.utf8) == .error(.noLeader))
    }

    @Test func `a watch is asked for as etcd was asked with curl`() throws {
        try expectSame(
            #"{"create_request":{"key":"dy8=","range_end":"dzA=","start_revision":"5","progress_notify":true,"fragment":true}}"#,
            EtcdWatchRequest.create(
                EtcdWatchCreateRequest(
                    key: Array("w/".utf8), rangeEnd: Array("w0".utf8), startRevision: 5, progressNotify: true, fragment: true)))
        try expectSame(#"{"cancel_request":{"watch_id":"7"}}"#, EtcdWatchRequest.cancel(watchID: 7))
        try expectSame(#"{"progress_request":{}}"#, EtcdWatchRequest.progress)
    }

    @Test func `lines are whole however their bytes arrive`() {
        let text = "first\n\nsecond\nthird"
        for size in 1...text.utf8.count {
            var lines = EtcdLines()
            var found: [String] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                lines.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
                while let line = lines.next() { found.append(String(decoding: line, as: UTF8.self)) }
            }
            #expect(found == ["first", "second"])
            #expect(lines.pendingCount == 5)
            #expect(lines.takeRest().map { String(decoding: $0, as: UTF8.self) } == "third")
            #expect(lines.takeRest() == nil && lines.next() == nil)
        }
    }
}
