import ClusterStore
import FoundationEssentials

/// An archive as lines of JSON: a head, a line a key, and a last line that proves the ones before it whole.
///
/// `docs/operations/moving.md` describes the form. A reader ignores fields that it does not know; what it could not do without would be
/// another version.
extension CatalogArchive {
    static let format = "skein-catalog"
    static let version = 1

    /// What every version's first line says.
    struct Form: Decodable {
        let format: String
        let version: Int
    }

    struct Head: Codable {
        let format: String
        let version: Int
        let source: String
        let revision: Int64
        let time: String
        let count: Int
    }

    struct Line: Codable {
        let key: String
        /// The value, if it is text; a catalog's values are.
        var value: String?
        var base64: Data?
        var leased: Bool?

        init(_ entry: Entry) {
            key = entry.key.path
            value = String(validating: entry.value, as: UTF8.self)
            base64 = value == nil ? Data(entry.value) : nil
            leased = entry.isLeased ? true : nil
        }

        var bytes: [UInt8]? { value.map { Array($0.utf8) } ?? base64.map { Array($0) } }
    }

    struct Tail: Codable {
        let end: Int
        /// Of all bytes before this line, as eight hexadecimal digits.
        let crc32: String
    }

    // MARK: Writing

    /// The whole text, piece by piece.
    public func write(_ receive: ([UInt8]) throws -> Void) throws {
        var sum = CRC32()
        func add(_ line: some Encodable) throws {
            let bytes = try Self.line(line)
            sum.update(bytes)
            try receive(bytes)
        }
        try add(
            Head(
                format: Self.format, version: Self.version, source: source, revision: revision.rawValue, time: time, count: entries.count))
        for entry in entries { try add(Line(entry)) }
        try receive(try Self.line(Tail(end: entries.count, crc32: Self.text(sum))))
    }

    private static func line(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    private static func text(_ sum: CRC32) -> String {
        let digits = String(sum.value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    // MARK: Reading

    /// Reads the whole text. Nothing of one that is cut off or damaged is believed.
    /// - Throws: ``CatalogError/Code/invalid`` with what is wrong; ``CatalogError/Code/newerFormat`` for one of a newer version.
    public init(text: [UInt8]) throws(CatalogError) {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        let head = try Self.head(lines.popFirst() ?? [])
        guard lines.popLast()?.isEmpty == true, let last = lines.popLast(), let tail: Tail = Self.decoded(last) else {
            throw CatalogError(.invalid, "the export is cut off: its last line is missing; export again")
        }
        var sum = CRC32()
        sum.update(text.dropLast(last.count + 1))
        guard tail.crc32 == Self.text(sum) else {
            throw CatalogError(
                .invalid, "the export is damaged: its checksum is \(Self.text(sum)) and should be \(tail.crc32); export again")
        }
        guard lines.count == head.count, tail.end == head.count else {
            throw CatalogError(.invalid, "the export has \(lines.count) keys and should have \(head.count); export again")
        }
        self.init(
            source: head.source, revision: StoreRevision(head.revision), time: head.time,
            entries: try Self.entries(lines))
    }

    private static func head(_ line: ArraySlice<UInt8>) throws(CatalogError) -> Head {
        guard let form: Form = decoded(line), form.format == format else {
            throw CatalogError(.invalid, "this is no export of a cluster: its first line has no \"format\":\"\(format)\"")
        }
        guard form.version == version else {
            throw CatalogError(
                .newerFormat, "the export has version \(form.version), and this skein reads version \(version): upgrade skein on this host")
        }
        guard let head: Head = decoded(line) else {
            throw CatalogError(.invalid, "the first line of the export lacks its source, revision, time or count")
        }
        return head
    }

    private static func entries(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(CatalogError) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(lines.count)
        for line in lines {
            guard let line: Line = decoded(line), let value = line.bytes else {
                throw CatalogError(.invalid, "line \(entries.count + 2) of the export has no key and value")
            }
            let entry = Entry(key: StoreKey(path: line.key), value: value, isLeased: line.leased ?? false)
            guard entries.last.map({ $0.key < entry.key }) ?? true else {
                throw CatalogError(.invalid, "line \(entries.count + 2) of the export is out of order: keys ascend, each once")
            }
            entries.append(entry)
        }
        return entries
    }

    private static func decoded<Value: Decodable>(_ line: ArraySlice<UInt8>) -> Value? {
        try? JSONDecoder().decode(Value.self, from: Data(line))
    }
}
