/// Folding of names for comparison: ASCII letters only, as RFC 4343 has it (lesson 29).
enum FoldedName {
    /// The longest label, in bytes (RFC 1035 section 2.3.4).
    static let longestLabel = 63

    static func fold(_ text: String) -> String {
        guard text.utf8.contains(where: isUpper) else { return text }
        return String(decoding: text.utf8.map { isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Whether every label has a length that DNS can carry.
    static func isDomainName(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { (1...longestLabel).contains($0.count) }
    }

    static func isUnqualified(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains(UInt8(ascii: "."))
    }

    /// What stands before `.suffix`, or nil when the name does not end so.
    static func prefix(of name: String, before suffix: String) -> String? {
        let (bytes, ending) = (name.utf8, suffix.utf8)
        guard bytes.count > ending.count + 1 else { return nil }
        let dot = bytes.index(bytes.endIndex, offsetBy: -ending.count - 1)
        guard bytes[dot] == UInt8(ascii: "."), bytes[bytes.index(after: dot)...].elementsEqual(ending) else { return nil }
        return String(name[..<dot])
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
