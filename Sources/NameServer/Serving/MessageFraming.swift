import NIOCore

/// Messages on a TCP stream: each behind its length in two bytes (RFC 1035 section 4.2.2), several to a segment or one over several
/// (RFC 7766 section 8).
struct MessageFraming: NIOSingleStepByteToMessageDecoder, ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    mutating func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        buffer.readLengthPrefixedSlice(as: UInt16.self)
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        try decode(buffer: &buffer)
    }

    /// A message of at most 65,535 bytes behind its length.
    static func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(message.count + 2)
        buffer.writeInteger(UInt16(truncatingIfNeeded: message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
