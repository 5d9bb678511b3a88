/// Base64 with padding (RFC 4648 section 4): every key and value of the gateway is in it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    /// Six bits for each digit, and for what is none a bit more.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: .max, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text, in ASCII.
    static func text(of bytes: [UInt8]) -> [UInt8] {
        let count = (bytes.count + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: count) { text, written in
            bytes.withUnsafeBufferPointer { bytes in
                digits.withUnsafeBufferPointer { digits in
                    let whole = bytes.count / 3
                    for group in 0..<whole {
                        let (first, second, third) = (bytes[group * 3], bytes[group * 3 + 1], bytes[group * 3 + 2])
                        text[group * 4] = digits[Int(first >> 2)]
                        text[group * 4 + 1] = digits[Int(first << 4 & 0x3f | second >> 4)]
                        text[group * 4 + 2] = digits[Int(second << 2 & 0x3f | third >> 6)]
                        text[group * 4 + 3] = digits[Int(third & 0x3f)]
                    }
                    guard whole * 3 < bytes.count else { return }
                    let second = whole * 3 + 1 < bytes.count ? bytes[whole * 3 + 1] : nil
                    text[whole * 4] = digits[Int(bytes[whole * 3] >> 2)]
                    text[whole * 4 + 1] = digits[Int(bytes[whole * 3] << 4 & 0x3f | (second ?? 0) >> 4)]
                    text[whole * 4 + 2] = second.map { digits[Int($0 << 2 & 0x3f)] } ?? padding
                    text[whole * 4 + 3] = padding
                }
            }
            written = count
        }
    }

    /// - Returns: nil for what is no base64.
    static func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).count { $0 == padding }
        let whole = text.count / 4 - (padded > 0 ? 1 : 0)
        var flaws: UInt8 = 0
        let bytes = values.withUnsafeBufferPointer { values in
            [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, count in
                for group in 0..<whole {
                    let (first, second) = (values[Int(text[group * 4])], values[Int(text[group * 4 + 1])])
                    let (third, fourth) = (values[Int(text[group * 4 + 2])], values[Int(text[group * 4 + 3])])
                    flaws |= first | second | third | fourth
                    bytes[group * 3] = first << 2 | second >> 4
                    bytes[group * 3 + 1] = second << 4 | third >> 2
                    bytes[group * 3 + 2] = third << 6 | fourth
                }
                count = whole * 3
                guard padded > 0 else { return }
                let (first, second) = (values[Int(text[whole * 4])], values[Int(text[whole * 4 + 1])])
                let third = padded == 1 ? values[Int(text[whole * 4 + 2])] : 0
                flaws |= first | second | third
                (bytes[count], bytes[count + 1]) = (first << 2 | second >> 4, second << 4 | third >> 2)
                count += 3 - padded
            }
        }
        return flaws < 64 ? bytes : nil
    }
}
