import EtcdProtocol
import Testing

struct KeyValueTests {
    @Test func `a range's answer is read and written as etcd writes it`() throws {
        try expectSame(Captured.range, EtcdRangeResponse(header: Captured.header, kvs: [Captured.keyValue], count: 1))
    }

    @Test func `an answer without entries has neither kvs nor count`() throws {
        try expectSame("{\(Captured.headerJSON)}", EtcdRangeResponse(header: Captured.header))
    }

    @Test func `an entry with an empty value and a lease`() throws {
        try expectSame(
            #"{"key":"bA==","create_revision":"7","mod_revision":"7","version":"1","lease":"777"}"#,
            EtcdKeyValue(key: Array("l".utf8), createRevision: 7, modRevision: 7, version: 1, lease: 777))
    }

    @Test func `a slash and a plus of base64 are written as they are`() throws {
        let bytes = try EtcdJSON.encode(EtcdPutRequest(key: Array("bin".utf8), value: [0xfb, 0xff, 0xfe]))
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""value":"+//+""#))
    }

    @Test func `bytes of every length and value come back`() throws {
        for length in 0..<259 {
            let put = EtcdPutRequest(key: [1], value: (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) })
            #expect(try EtcdJSON.decode(EtcdPutRequest.self, from: EtcdJSON.encode(put)) == put)
        }
    }

    @Test(arguments: ["A", "AA", "AAA", "=", "====", "A===", "AA=A", "AAA*", "A\u{e9}==", "AA==AA==", "AAAAA"])
    func `what is no base64 is refused`(text: String) {
        #expect(throws: EtcdFormatError.self) {
            try EtcdJSON.decode(EtcdKeyValue.self, from: Array(#"{"key":"\#(text)"}"#.utf8))
        }
    }

    @Test func `a lost race carries the entries that are there`() throws {
        let nested = EtcdResponseHeader(revision: 3)
        try expectSame(
            Captured.conflict,
            EtcdTxnResponse(
                header: Captured.header,
                responses: [
                    .range(EtcdRangeResponse(header: nested, kvs: [Captured.keyValue], count: 1)),
                    .range(EtcdRangeResponse(header: nested)),
                ]))
    }

    @Test func `a committed transaction tells of each operation`() throws {
        let nested = EtcdResponseHeader(revision: 4)
        try expectSame(
            Captured.committed,
            EtcdTxnResponse(
                header: Captured.header, succeeded: true,
                responses: [.put(EtcdPutResponse(header: nested)), .deleteRange(EtcdDeleteRangeResponse(header: nested))]))
    }

    @Test func `a transaction is written as etcd was asked with curl`() throws {
        try expectSame(
            #"""
            {"compare":[{"key":"YQ==","target":"CREATE"},{"key":"YQ==","target":"MOD","mod_revision":"3"},
            {"key":"eno=","target":"CREATE","result":"GREATER"}],
            "success":[{"request_put":{"key":"YQ==","value":"eA==","lease":"777"}},{"request_delete_range":{"key":"cQ==","range_end":"cg=="}}],
            "failure":[{"request_range":{"key":"YQ=="}}]}
            """#,
            EtcdTxnRequest(
                compare: [.absent(Array("a".utf8)), .modified(Array("a".utf8), at: 3), .present(Array("zz".utf8))],
                success: [
                    .put(EtcdPutRequest(key: Array("a".utf8), value: Array("x".utf8), lease: 777)),
                    .deleteRange(EtcdDeleteRangeRequest(EtcdKeyRange(prefix: Array("q".utf8)))),
                ],
                failure: [.range(EtcdRangeRequest(key: Array("a".utf8)))]))
    }

    @Test func `numbers, nulls and numbered enumerations are read too`() throws {
        let text = #"{"compare":[{"key":"YQ==","target":2,"result":0,"mod_revision":3,"value":null}]}"#
        let request = try EtcdJSON.decode(EtcdTxnRequest.self, from: text.utf8)
        #expect(request == EtcdTxnRequest(compare: [.modified(Array("a".utf8), at: 3)]))
    }

    @Test(arguments: [
        #"{"key":"!"}"#, #"{"key":"YQ==","limit":"x"}"#, #"{"key":"YQ==","limit":"99999999999999999999"}"#, #"{"key":7}"#, "{bad", "[]", "",
    ])
    func `what is no request is refused`(text: String) {
        #expect(throws: EtcdFormatError.self) { try EtcdJSON.decode(EtcdRangeRequest.self, from: text.utf8) }
    }

    @Test(arguments: [#"{"compare":[{"target":"NEWER"}]}"#, #"{"success":[{"request_new":{}}]}"#, #"{"compare":[{"target":9}]}"#])
    func `what etcd may add later is refused and never ignored`(text: String) {
        #expect(throws: EtcdFormatError.self) { try EtcdJSON.decode(EtcdTxnRequest.self, from: text.utf8) }
    }

    @Test func `an error of the format names the field`() {
        let error = #expect(throws: EtcdFormatError.self) {
            try EtcdJSON.decode(EtcdTxnRequest.self, from: #"{"compare":[{"target":"NEWER"}]}"#.utf8)
        }
        #expect(error?.message.contains("compare") == true)
    }
}

struct KeyRangeTests {
    @Test func `a prefix ends before the next one`() {
        #expect(EtcdKeyRange(prefix: Array("w/".utf8)).end == Array("w0".utf8))
        #expect(EtcdKeyRange.end(ofPrefix: [1, 0xff]) == [2])
        #expect(EtcdKeyRange.end(ofPrefix: [0xff]) == [0])
    }

    @Test func `the empty prefix holds every key`() {
        let range = EtcdKeyRange(prefix: [])
        #expect(range.key == [0] && range.end == [0])
        #expect(range.contains([0xff, 0xff]) && range.contains([0]))
    }

    @Test func `a range holds its keys and no other`() {
        let range = EtcdKeyRange(prefix: Array("w/".utf8))
        #expect(range.contains(Array("w/1".utf8)) && range.contains(Array("w/".utf8)))
        #expect(!range.contains(Array("w0".utf8)) && !range.contains(Array("w".utf8)))
        #expect(EtcdKeyRange(key: [1]).contains([1]) && !EtcdKeyRange(key: [1]).contains([1, 1]))
    }

    @Test func `a range is cut at a key, and a part that is empty is none`() {
        let range = EtcdKeyRange(prefix: Array("w/".utf8))
        let middle = range.cut(at: Array("w/8".utf8))
        #expect(middle.below == EtcdKeyRange(key: Array("w/".utf8), end: Array("w/8".utf8)))
        #expect(middle.from == EtcdKeyRange(key: Array("w/8".utf8), end: Array("w0".utf8)))
        #expect(range.cut(at: Array("w/".utf8)) == (nil, range))
        #expect(range.cut(at: Array("w0".utf8)) == (range, nil))
        #expect(range.cut(at: Array("x".utf8)) == (range, nil))
        let everything = EtcdKeyRange(prefix: []).cut(at: [7])
        #expect(everything == (EtcdKeyRange(key: [0], end: [7]), EtcdKeyRange(key: [7], end: [0])))
    }
}
