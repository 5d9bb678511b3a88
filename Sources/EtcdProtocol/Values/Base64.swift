/// Base64 with padding (RFC 4648 section 4): every key and value of the gateway is in it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    /// Six bits for each digit, and for what is none more than six bits can say.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: .max, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func text(of bytes: [UInt8]) -> String {
        let groups = (bytes.count + 2) / 3
        return digits.withUnsafeBufferPointer { digits in
            String(unsafeUninitializedCapacity: groups * 4) { text in
                for group in 0..<groups {
                    let byte = { (offset: Int) in group * 3 + offset < bytes.count ? UInt32(bytes[group * 3 + offset]) : 0 }
                    let bits = byte(0) << 16 | byte(1) << 8 | byte(2)
                    for place in 0..<4 { text[group * 4 + place] = digits[Int(bits >> UInt32(18 - 6 * place) & 0x3f)] }
                }
                for place in 0..<(groups * 3 - bytes.count) { text[groups * 4 - 1 - place] = padding }
                return groups * 4
            }
        }
    }

    /// - Returns: nil for what is no base64.
    static func bytes(of text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            guard text.count % 4 == 0 else { return nil }
            let padded = text.suffix(2).count { $0 == padding }
            var isSound = true
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, count in
                for group in 0..<(text.count / 4) {
                    guard let bits = bits(of: text, group, padded: group == text.count / 4 - 1 ? padded : 0) else {
                        isSound = false
                        return
                    }
                    for place in 0..<3 { bytes[group * 3 + place] = UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place)) }
                    count += 3
                }
                count -= padded
            }
            return isSound ? bytes : nil
        }
    }

    /// The 24 bits of a group of four digits, of which some may be padding.
    private static func bits(of text: UnsafeBufferPointer<UInt8>, _ group: Int, padded: Int) -> UInt32? {
        values.withUnsafeBufferPointer { values in
            var bits: UInt32 = 0
            for place in 0..<(4 - padded) {
                let value = values[Int(text[group * 4 + place])]
                guard value < 64 else { return nil }
                bits = bits << 6 | UInt32(value)
            }
            return bits << UInt32(6 * padded)
        }
    }
}
