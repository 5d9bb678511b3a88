/// Where JSON is written to.
final class JSONSink {
    /// One piece, so that the runtime sees to it once for each thing written that nobody else writes.
    private var text = JSONText()

    var bytes: [UInt8] { text.bytes }
    var count: Int { text.bytes.count }
    /// How many containers are open.
    var depth: Int { text.depth }

    func begin(_ kind: JSONText.Kind) { text.begin(kind) }
    func close(to depth: Int) { text.close(to: depth) }
    func nextElement(at depth: Int) { text.nextElement(at: depth) }
    func nextMember(_ name: String, at depth: Int) { text.nextMember(name, at: depth) }
    func nextMember(plain name: StaticString) { text.nextMember(plain: name) }
    func write(_ value: String) { text.write(value) }
    func write(plain value: [UInt8]) { text.write(plain: value) }
    func write(literal value: StaticString) { text.write(literal: value) }
    func write(_ value: Bool) { text.write(literal: value ? "true" : "false") }
    func write(_ value: some FixedWidthInteger) { text.write(number: String(value)) }

    func write(_ value: Double, _ path: [any CodingKey]) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: "no number of JSON"))
        }
        text.write(number: "\(value)")
    }
}

/// JSON that is being written, and which containers are open.
struct JSONText {
    enum Kind {
        case object, array
    }

    private struct Container {
        let kind: Kind
        var isEmpty = true
    }

    private(set) var bytes: [UInt8] = []
    private var open: [Container] = []

    init() {
        bytes.reserveCapacity(512)
        open.reserveCapacity(8)
    }

    var depth: Int { open.count }

    mutating func begin(_ kind: Kind) {
        open.append(Container(kind: kind))
        bytes.append(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    /// Ends containers until so many are open: one is over when another one, or what it is in, goes on.
    mutating func close(to depth: Int) {
        while open.count > depth, let last = open.popLast() {
            bytes.append(last.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        }
    }

    /// Goes on with the container at a depth.
    mutating func nextElement(at depth: Int) {
        close(to: depth)
        if !open[depth - 1].isEmpty { bytes.append(UInt8(ascii: ",")) }
        open[depth - 1].isEmpty = false
    }

    mutating func nextMember(_ name: String, at depth: Int) {
        nextElement(at: depth)
        write(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// The next member of the innermost object.
    /// - Parameter name: without anything that has to be escaped.
    mutating func nextMember(plain name: StaticString) {
        nextElement(at: open.count)
        bytes.append(UInt8(ascii: "\""))
        write(literal: name)
        write(literal: "\":")
    }

    mutating func write(_ text: String) { JSONEscapes.append(text, to: &bytes) }
    mutating func write(number: String) { bytes.append(contentsOf: number.utf8) }
    mutating func write(literal text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    /// A string of which nothing has to be escaped, in UTF-8.
    mutating func write(plain text: [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "\""))
    }
}
