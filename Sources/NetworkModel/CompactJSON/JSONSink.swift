/// Where JSON is written to, and which containers are open.
final class JSONSink {
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
    }

    /// How many containers are open.
    var depth: Int { open.count }

    func begin(_ kind: Kind) {
        open.append(Container(kind: kind))
        bytes.append(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    /// Ends containers until so many are open: one is over when another one, or what it is in, goes on.
    func close(to depth: Int) {
        while open.count > depth, let last = open.popLast() {
            bytes.append(last.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        }
    }

    /// Goes on with the container at a depth.
    func nextElement(at depth: Int) {
        close(to: depth)
        if !open[depth - 1].isEmpty { bytes.append(UInt8(ascii: ",")) }
        open[depth - 1].isEmpty = false
    }

    func nextMember(_ name: String, at depth: Int) {
        nextElement(at: depth)
        write(name)
        bytes.append(UInt8(ascii: ":"))
    }

    func write(_ text: String) { JSONEscapes.append(text, to: &bytes) }
    func write(literal text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
    func write(_ value: Bool) { value ? write(literal: "true") : write(literal: "false") }
    func write(_ value: some FixedWidthInteger) { bytes.append(contentsOf: String(value).utf8) }

    func write(_ value: Double, _ path: [any CodingKey]) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: "no number of JSON"))
        }
        bytes.append(contentsOf: "\(value)".utf8)
    }
}
