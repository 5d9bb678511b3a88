/// What a ``FaultProxy`` does to a request and its answer.
public enum Fault: Hashable, Sendable {
    /// When in the course of a request. Of an endless answer each line is one: what comes after its first line is an answer, half of it is
    /// half of a line.
    public enum Point: String, Hashable, Sendable, CaseIterable {
        /// The server never hears of it.
        case beforeRequest
        /// The server has half of it.
        case inRequest
        /// The server has it, and nobody waits for its answer.
        case afterRequest
        /// The server has answered.
        case beforeAnswer
        /// The client has half of the answer.
        case inAnswer
        /// The client has the answer.
        case afterAnswer
    }

    /// It takes so much longer.
    case delay(Duration)
    /// Both connections end.
    case cut(Point)
    /// Both connections end as if a machine had died.
    case reset(Point)
    /// Nothing moves on, and the connections stay, until the proxy is healed or the client leaves.
    case stall(Point)
    /// The proxy stops sending where the answer would come, and goes on reading.
    case halfClose
    /// The answer lacks its second half and says that it is whole.
    case truncate
    /// Bytes in the middle of the answer are others.
    case corrupt
    /// The server has carried out the request, and the client gets this in the place of its answer.
    case replace(body: String, status: String = "200 OK")
    /// The server has carried out the request, and the client gets the head of its answer with this body.
    case replaceBody(String)
    /// The first answer to the same request, again; the server is not asked.
    case stale
    /// The server is asked twice, and the second answer is given; of an endless answer each line comes twice.
    case twice
}
