/// Cuts a stream's bytes into its lines, however they arrive.
public struct EtcdLines: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to here there is no line feed.
    private var searched = 0

    public init() {}

    public mutating func append(_ bytes: [UInt8]) {
        if start == buffer.count {
            buffer = bytes
            (start, searched) = (0, 0)
            return
        }
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer += bytes
    }

    /// The next whole line that is not empty, without its line feed.
    public mutating func next() -> ArraySlice<UInt8>? {
        while let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = buffer[start..<end]
            start = end + 1
            searched = start
            if !line.isEmpty { return line }
        }
        searched = buffer.count
        return nil
    }

    /// What follows the last line feed, if anything does: the stream has ended.
    public mutating func takeRest() -> ArraySlice<UInt8>? {
        defer { (start, searched) = (buffer.count, buffer.count) }
        return start < buffer.count ? buffer[start...] : nil
    }

    /// How many bytes of a line wait for its end.
    public var pendingCount: Int { buffer.count - start }
}
