/// A question for the host's resolvers, and the way back.
struct ForwardedQuery: Sendable {
    struct Question: Sendable, Hashable {
        /// The whole query, as it came.
        var message: [UInt8]
        /// Where its question ends, in bytes from the start: known, since the query was parsed.
        let questionEnd: Int
        /// The largest reply the asker takes, in bytes.
        let limit: Int
    }

    let question: Question
    /// Sends the reply to whoever asked, if they are still there.
    let reply: @Sendable ([UInt8]) -> Void
}
