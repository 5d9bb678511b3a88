/// What an upstream said, when it is an answer to what was asked.
struct UpstreamReply: Sendable, Hashable {
    /// With the asker's id and question, so that it can be handed on as it is.
    let message: [UInt8]

    /// - Parameter identifier: the one the question was sent under.
    /// - Returns: nil unless the id and the question are those that were sent (RFC 5452 section 9.1).
    init?(_ bytes: [UInt8], to question: ForwardedQuery.Question, sentAs identifier: UInt16) {
        guard bytes.count >= MessageHeader.size, MessageHeader.isResponse(bytes[2]),
            UInt16(bytes[0]) << 8 | UInt16(bytes[1]) == identifier
        else { return nil }
        var message = bytes
        if Self.repeatsQuestion(bytes, question) {
            // Some upstreams change the case: the asker gets its own back (lesson 29).
            let range = MessageHeader.size..<question.questionEnd
            message.replaceSubrange(range, with: question.message[range])
        } else if !Self.isBareRefusal(bytes) {
            return nil
        }
        message.replaceSubrange(0..<2, with: question.message.prefix(2))
        self.message = message
    }

    /// The code in the header: the low four bits decide what becomes of the reply.
    var code: ResponseCode { ResponseCode(rawValue: UInt16(message[3] & 0xf)) }
    var isTruncated: Bool { MessageHeader.isTruncated(message[2]) }

    /// Whether the upstream knows the answer, rather than failing or refusing: another one need not be asked.
    var isDecisive: Bool { code == .noError || code == .nameError }

    private static func repeatsQuestion(_ bytes: [UInt8], _ question: ForwardedQuery.Question) -> Bool {
        guard bytes.count >= question.questionEnd, (bytes[4], bytes[5]) == (0, 1) else { return false }
        let range = MessageHeader.size..<question.questionEnd
        return zip(bytes[range], question.message[range]).allSatisfy { folded($0) == folded($1) }
    }

    /// Servers that could not parse or will not talk may leave the question out.
    private static func isBareRefusal(_ bytes: [UInt8]) -> Bool {
        bytes[3] & 0xf != 0 && bytes[4..<MessageHeader.size].allSatisfy { $0 == 0 }
    }

    /// Label lengths are below 64, so folding bytes that are no letters does no harm to them.
    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
