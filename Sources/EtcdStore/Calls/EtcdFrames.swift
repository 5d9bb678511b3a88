import EtcdProtocol
import HTTPTransport

/// A stream of answers, frame by frame. One reader.
struct EtcdFrames: Sendable {
    let endpoint: EtcdEndpoint
    private let stream: HTTPStream
    private var lines = EtcdLines()
    /// Bytes of one frame: etcd's default bound of a request, and much.
    private static let longestFrame = 64 << 20

    init(_ stream: HTTPStream, endpoint: EtcdEndpoint) {
        self.stream = stream
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
            lines.append(try await chunk())
        }
    }

    private func chunk() async throws(End) -> [UInt8] {
        do throws(HTTPError) {
            if let chunk = try await stream.next() { return chunk }
        } catch {
            throw error.code == .timedOut ? .rested : .failed(EtcdFailure(error))
        }
        throw .failed(.unanswered(cause: "\(endpoint) ended the stream", mayBeDone: false))
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
