/// DNS messages written and read by hand, so that libknot is not checked with libknot (RFC 1035 section 4.1, RFC 6891 section 6.1).
struct Query: Sendable {
    struct EDNS: Sendable {
        var payload: UInt16 = 1232
        var version: UInt8 = 0
        var flags: UInt16 = 0
        var options: [UInt8] = []
    }

    var id: UInt16 = 0x1234
    /// RD.
    var flags: UInt16 = 0x0100
    var name: String
    var type: UInt16
    var recordClass: UInt16 = 1
    var edns: EDNS?

    init(_ name: String, _ type: RRType = .a, id: UInt16 = 0x1234, edns: EDNS? = nil) {
        self.name = name
        self.type = type.rawValue
        self.id = id
        self.edns = edns
    }

    var bytes: [UInt8] {
        var bytes = word(id) + word(flags) + word(1) + word(0) + word(0) + word(edns == nil ? 0 : 1)
        bytes += Self.wire(name) + word(type) + word(recordClass)
        if let edns {
            bytes += [0] + word(41) + word(edns.payload) + [0, edns.version] + word(edns.flags) + word(UInt16(edns.options.count))
            bytes += edns.options
        }
        return bytes
    }

    static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
}

enum RRType: UInt16 {
    case a = 1
    case ns = 2
    case ptr = 12
    case mx = 15
    case txt = 16
    case aaaa = 28
    case axfr = 252
    case any = 255
}

func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

struct Reply: Sendable, Equatable {
    struct Record: Sendable, Equatable {
        let name: String
        let type: UInt16
        let timeToLive: UInt32
        let data: [UInt8]
        /// An address or a name as text; empty for other types.
        let text: String
    }

    let bytes: [UInt8]
    let id: UInt16
    let flags: UInt16
    /// With the upper bits of the OPT record.
    let code: UInt16
    /// As it is written in the question, its case kept.
    let question: String?
    let answers: [Record]
    /// The OPT record: payload and version.
    let edns: [Int]?
    let isDNSSECOK: Bool

    var isResponse: Bool { flags & 0x8000 != 0 }
    var isAuthoritative: Bool { flags & 0x0400 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }
    var texts: [String] { answers.map(\.text) }

    struct Malformed: Error {
        let bytes: [UInt8]
        let place: Int
    }

    init(_ bytes: [UInt8]) throws {
        var reader = Reader(bytes: bytes)
        self.bytes = bytes
        id = try reader.word()
        flags = try reader.word()
        let counts = [try reader.word(), try reader.word(), try reader.word(), try reader.word()]
        question = counts[0] == 0 ? nil : try reader.name()
        if counts[0] > 0 { reader.place += 4 }
        var (answers, edns, code, isDNSSECOK): ([Record], [Int]?, UInt16, Bool) = ([], nil, flags & 0xf, false)
        for index in 0..<counts[1...].reduce(0, { $0 + Int($1) }) {
            let (name, type, kind) = (try reader.name(), try reader.word(), try reader.word())
            let life = UInt32(try reader.word()) << 16 | UInt32(try reader.word())
            let (start, length) = (reader.place + 2, Int(try reader.word()))
            let data = try reader.bytes(length)
            if type == 41 {
                edns = [Int(kind), Int(life >> 16 & 0xff)]
                code |= UInt16(life >> 24) << 4
                isDNSSECOK = life & 0x8000 != 0
            } else if index < Int(counts[1]) {
                let text = try Self.text(type, data, in: bytes, at: start)
                answers.append(Record(name: name, type: type, timeToLive: life, data: data, text: text))
            }
        }
        guard reader.place == bytes.count else { throw Malformed(bytes: bytes, place: reader.place) }
        (self.answers, self.edns, self.code, self.isDNSSECOK) = (answers, edns, code, isDNSSECOK)
    }

    private static func text(_ type: UInt16, _ data: [UInt8], in bytes: [UInt8], at place: Int) throws -> String {
        switch type {
        case RRType.a.rawValue: return data.map { String($0) }.joined(separator: ".")
        case RRType.aaaa.rawValue:
            return stride(from: 0, to: 16, by: 2).map { String(UInt16(data[$0]) << 8 | UInt16(data[$0 + 1]), radix: 16) }.joined(
                separator: ":")
        case RRType.ptr.rawValue:
            var reader = Reader(bytes: bytes, place: place)
            return try reader.name()
        default: return ""
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func bytes(_ count: Int) throws -> [UInt8] {
            guard place + count <= bytes.count else { throw Malformed(bytes: bytes, place: place) }
            defer { place += count }
            return Array(bytes[place..<place + count])
        }

        mutating func word() throws -> UInt16 {
            let pair = try bytes(2)
            return UInt16(pair[0]) << 8 | UInt16(pair[1])
        }

        mutating func name() throws -> String {
            var (labels, cursor, end): ([String], Int, Int?) = ([], place, nil)
            for _ in 0..<128 {
                guard cursor < bytes.count else { break }
                let length = Int(bytes[cursor])
                if length == 0 {
                    place = end ?? cursor + 1
                    return labels.joined(separator: ".")
                }
                if length >= 0xc0 {
                    guard cursor + 1 < bytes.count else { break }
                    end = end ?? cursor + 2
                    cursor = (length & 0x3f) << 8 | Int(bytes[cursor + 1])
                } else {
                    guard cursor + 1 + length <= bytes.count else { break }
                    labels.append(String(decoding: bytes[cursor + 1...cursor + length], as: UTF8.self))
                    cursor += 1 + length
                }
            }
            throw Malformed(bytes: bytes, place: cursor)
        }
    }
}
