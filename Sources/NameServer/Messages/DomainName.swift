/// Names between their wire form (RFC 1035 section 3.1) and text.
enum DomainName {
    /// The longest name in wire form, in bytes, the final zero included.
    static let longestWire = 255

    /// The labels of a checked, uncompressed name joined by dots, or nil when a label holds a dot itself.
    ///
    /// - Parameter name: ends in an empty label, as libknot's parser guarantees.
    static func text(ofWire name: UnsafePointer<UInt8>) -> String? {
        var isPlain = true
        let text = unsafe String(unsafeUninitializedCapacity: longestWire) { text in
            var (source, count) = (0, 0)
            while case let length = unsafe Int(name[source]), length > 0, count + length < text.count {
                if count > 0 {
                    unsafe text[count] = UInt8(ascii: ".")
                    count += 1
                }
                for index in source + 1...source + length {
                    unsafe text[count] = name[index]
                    if unsafe name[index] == UInt8(ascii: ".") { isPlain = false }
                    count += 1
                }
                source += length + 1
            }
            return count
        }
        return isPlain ? text : nil
    }

    /// A name in wire form, or nil when a label or the whole is empty or too long.
    static func wire(of text: String) -> [UInt8]? {
        var wire: [UInt8] = []
        for label in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count) else { return nil }
            wire.append(UInt8(label.count))
            wire += label
        }
        return wire.isEmpty || wire.count >= longestWire ? nil : wire + [0]
    }
}
