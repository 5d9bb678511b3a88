import ClusterStore
import EtcdProtocol
import HTTPTransport

/// A stream of answers, frame by frame. One reader.
struct EtcdFrames: Sendable {
    let endpoint: EtcdEndpoint
    /// What the stream was asked for with.
    let token: String?
    private let stream: HTTPStream
    private var lines = EtcdLines()
    /// Bytes of one frame: etcd's default bound of a request, and much.
    private static let longestFrame = 64 << 20

    init(_ stream: HTTPStream, endpoint: EtcdEndpoint, token: String?) {
        self.stream = stream
        self.token = token
        self.endpoint = endpoint
    }

    enum End: Error {
        /// The time the stream was given is over.
        case rested
        /// The server or the connection ended it.
        case failed(EtcdFailure)
    }

    /// The next frame.
    mutating func next<Message: Codable & Hashable & Sendable>(_ type: Message.Type) async throws(End) -> Message {
        while true {
            if let line = lines.next() { return try decode(line) }
            guard lines.pendingCount < Self.longestFrame else {
                throw .failed(.unanswered(cause: "\(endpoint) sent an endless line", mayBeDone: false))
            }
            if let chunk = try await chunk() {
                lines.append(chunk)
            } else if let rest = lines.takeRest() {
                // etcd puts no line feed after the error that ends a stream.
                return try decode(rest)
            } else {
                throw .failed(.unanswered(cause: "\(endpoint) ended the stream", mayBeDone: false))
            }
        }
    }

    private func chunk() async throws(End) -> [UInt8]? {
        do throws(HTTPError) {
            return try await stream.next()
        } catch {
            throw error.code == .timedOut ? .rested : .failed(EtcdFailure(error))
        }
    }

    private func decode<Message: Codable & Hashable & Sendable>(_ line: ArraySlice<UInt8>) throws(End) -> Message {
        switch try frame(line) as EtcdStreamFrame<Message> {
        case .result(let message): return message
        case .error(let body): throw .failed(EtcdFailure(body, from: endpoint))
        }
    }

    private func frame<Message>(_ line: ArraySlice<UInt8>) throws(End) -> EtcdStreamFrame<Message> {
        do {
            return try EtcdJSON.decode(EtcdStreamFrame<Message>.self, from: line)
        } catch {
            throw .failed(.unanswered(cause: "\(endpoint): \(error.message)", mayBeDone: false))
        }
    }
}
