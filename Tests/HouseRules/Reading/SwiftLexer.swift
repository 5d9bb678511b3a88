/// Blanks out what is not code: comments, and the text of string literals. Lines and columns stay where they are.
///
/// Interpolations are code and stay. The words of a name in backticks become underscores, so that a test called
/// `` `no try! in sources` `` is no violation. Regex literals are not understood; this code base has none.
struct SwiftLexer {
    private let source: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    private init(_ text: String) {
        source = Array(text.utf8)
        output.reserveCapacity(source.count)
    }

    /// The code of a Swift source text.
    static func code(of text: String) -> String {
        var lexer = SwiftLexer(text)
        lexer.readCode(inInterpolation: false)
        return String(decoding: lexer.output, as: UTF8.self)
    }

    // MARK: Code

    private mutating func readCode(inInterpolation: Bool) {
        var depth = 0
        while let byte = peek() {
            if starts(with: "//") {
                while let next = peek(), next != UInt8(ascii: "\n") { blank(1) }
            } else if starts(with: "/*") {
                readBlockComment()
            } else if let hashes = stringStart() {
                readString(hashes: hashes)
            } else if byte == UInt8(ascii: "`") {
                readQuotedName()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if inInterpolation, depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && peek() != nil
    }

    private mutating func readQuotedName() {
        keep()
        while let byte = peek(), byte != UInt8(ascii: "`") {
            output.append(UInt8(ascii: "_"))
            position += 1
        }
        keep()
    }

    // MARK: Strings

    /// The number of `#` before the quote that a string literal would start with here, or nil.
    private func stringStart() -> Int? {
        var hashes = 0
        while peek(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return peek(hashes) == UInt8(ascii: "\"") ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
        let mark = String(repeating: "#", count: hashes)
        keep(hashes)
        let quotes = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        keep(quotes.utf8.count)
        while peek() != nil, !starts(with: quotes + mark) {
            if starts(with: "\\" + mark + "(") {
                blank(1 + hashes)
                keep()
                readCode(inInterpolation: true)
                keep()
            } else if starts(with: "\\" + mark) {
                blank(2 + hashes)
            } else {
                blank(1)
            }
        }
        keep(quotes.utf8.count + hashes)
    }

    // MARK: Bytes

    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < source.count ? source[position + distance] : nil
    }

    private func starts(with text: String) -> Bool {
        source[position...].starts(with: text.utf8)
    }

    private mutating func keep(_ count: Int = 1) {
        let end = min(position + count, source.count)
        output += source[position..<end]
        position = end
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
            position += 1
        }
    }
}
