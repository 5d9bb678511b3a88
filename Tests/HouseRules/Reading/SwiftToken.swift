/// A word or a punctuation mark of code that ``SwiftLexer`` has left.
struct SwiftToken: Equatable {
    let text: String
    /// 1 is the first.
    let line: Int
    /// Whether nothing stands between it and the token before.
    let isAdjacent: Bool

    var isWord: Bool { text.utf8.first.map(SwiftToken.isWordByte) ?? false }

    /// The tokens of a Swift source text, comments and strings left out.
    static func tokens(of text: String) -> [SwiftToken] {
        let code = Array(SwiftLexer.code(of: text).utf8)
        var tokens: [SwiftToken] = []
        var line = 1
        var position = 0
        while position < code.count {
            let start = position
            position += 1
            switch code[start] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default:
                if isWordByte(code[start]) {
                    while position < code.count, isWordByte(code[position]) { position += 1 }
                }
                let isAdjacent = start > 0 && !isBlank(code[start - 1])
                tokens.append(SwiftToken(text: String(decoding: code[start..<position], as: UTF8.self), line: line, isAdjacent: isAdjacent))
            }
        }
        return tokens
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}
