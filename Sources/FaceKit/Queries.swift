public import Hummingbird
import NetworkModel

/// Percent-escapes of RFC 3986 section 2.1.
public enum PercentEncoding {
    /// The text with its escapes undone, or nil for a broken escape or bytes that are not UTF-8.
    ///
    /// - Parameter isQuery: read `+` as a space, as clients write it in a query (the form encoding of HTML).
    public static func decode(_ text: some StringProtocol, isQuery: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                guard digits.count == 2, let high = hexadecimal(digits[digits.startIndex]),
                    let low = hexadecimal(digits[digits.startIndex + 1])
                else { return nil }
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+") where isQuery: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Request {
    /// The value of a query's item, the first of several; nil when it is absent.
    /// - Throws: ``RequestFault`` for a broken escape.
    public func queryItem(_ name: String) throws(RequestFault) -> String? {
        for item in (uri.query ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = PercentEncoding.decode(parts[0], isQuery: true), key == name else { continue }
            guard parts.count == 2 else { return "" }
            guard let value = PercentEncoding.decode(parts[1], isQuery: true) else {
                throw RequestFault(.invalid, "invalid query: \(name) has a broken escape")
            }
            return value
        }
        return nil
    }

    /// Whether a query's flag is set, as Docker reads it: anything but nothing, `0`, `no`, `false` and `none`.
    public func queryFlag(_ name: String) throws(RequestFault) -> Bool {
        guard let value = try queryItem(name) else { return false }
        return !["", "0", "no", "false", "none"].contains(value.lowercased())
    }
}
