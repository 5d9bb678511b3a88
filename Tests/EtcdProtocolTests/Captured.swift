import EtcdProtocol
import Testing

/// What etcd 3.4.23 wrote, caught with curl.
enum Captured {
    static let header = EtcdResponseHeader(
        clusterID: 15_118_495_548_433_857_066, memberID: 13_668_033_151_171_901_709, revision: 3, raftTerm: 2)
    static let headerJSON =
        #""header":{"cluster_id":"15118495548433857066","member_id":"13668033151171901709","revision":"3","raft_term":"2"}"#
    static let keyValueJSON = #"{"key":"YQ==","create_revision":"2","mod_revision":"3","version":"2","value":"djI="}"#
    static let keyValue = EtcdKeyValue(key: Array("a".utf8), createRevision: 2, modRevision: 3, version: 2, value: Array("v2".utf8))

    static let range = "{\(headerJSON),\"kvs\":[\(keyValueJSON)],\"count\":\"1\"}"
    static let conflict =
        "{\(headerJSON),\"responses\":[{\"response_range\":{\"header\":{\"revision\":\"3\"},\"kvs\":[\(keyValueJSON)],\"count\":\"1\"}},"
        + "{\"response_range\":{\"header\":{\"revision\":\"3\"}}}]}"
    static let committed =
        "{\(headerJSON),\"succeeded\":true,\"responses\":[{\"response_put\":{\"header\":{\"revision\":\"4\"}}},"
        + "{\"response_delete_range\":{\"header\":{\"revision\":\"4\"}}}]}"
    static let events =
        "{\"result\":{\(headerJSON),\"events\":[{\"kv\":\(keyValueJSON)},{\"type\":\"DELETE\",\"kv\":{\"key\":\"dy8x\",\"mod_revision\":\"11\"}}]}}"
    static let compacted = "{\"result\":{\(headerJSON),\"canceled\":true,\"compact_revision\":\"3\"}}"
}

/// A JSON text as a tree, so that two texts compare whatever the order of their fields.
indirect enum JSONTree: Decodable, Hashable {
    case object([String: JSONTree])
    case array([JSONTree])
    case text(String)
    case flag(Bool)
    case number(Int)

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.singleValueContainer().decode([String: JSONTree].self) {
            self = .object(object)
        } else if let array = try? decoder.singleValueContainer().decode([JSONTree].self) {
            self = .array(array)
        } else if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
        } else if let flag = try? decoder.singleValueContainer().decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try decoder.singleValueContainer().decode(Int.self))
        }
    }

    init(_ bytes: some Sequence<UInt8>) throws {
        self = try EtcdJSON.decode(JSONTree.self, from: bytes)
    }
}

/// Reads a text as a message and checks that it is this one, and that writing it gives the text back.
func expectSame<Message: Codable & Equatable>(
    _ text: String, _ message: Message, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(try EtcdJSON.decode(Message.self, from: text.utf8) == message, sourceLocation: sourceLocation)
    #expect(try JSONTree(EtcdJSON.encode(message)) == JSONTree(text.utf8), sourceLocation: sourceLocation)
}
