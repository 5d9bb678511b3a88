import EtcdProtocol
import Hummingbird
import NIOCore

/// The most bytes of a request: etcd's bound of 1.5 MiB, in base64 and with room for the rest.
private let largestRequest = 4 << 20
/// The most bytes of what a stream begins with: two keys in base64, mostly.
private let largestFirstMessage = 1 << 16

extension Request {
    /// Reads the message of a call.
    func etcdMessage<Message: Decodable>() async throws -> Message {
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: largestRequest)
        } catch is NIOTooManyBytesError {
            throw EtcdErrorBody.requestTooLarge
        }
        return try EtcdJSON.decode(Message.self, from: bytes.readableBytesView)
    }

    /// Reads the message that a stream begins with, and not beyond it: the end of the body is left for ``whileConnected(_:)``.
    func firstEtcdMessage<Message: Decodable>() async throws -> Message {
        var bytes = ByteBuffer()
        for try await chunk in body {
            bytes.writeImmutableBuffer(chunk)
            guard bytes.readableBytes <= largestFirstMessage else { throw EtcdErrorBody.requestTooLarge }
            if let message = try? EtcdJSON.decode(Message.self, from: bytes.readableBytesView) { return message }
        }
        return try EtcdJSON.decode(Message.self, from: bytes.readableBytesView)
    }

    /// Runs the rest of a stream until the client hangs up: without it, one that is gone would be kept until something cannot be written.
    func whileConnected(_ stream: () async throws -> Void) async throws {
        try await body.consumeWithCancellationOnInboundClose { rest in
            // Hummingbird's reader must have come to the body's end before the stream comes to its own.
            for try await _ in rest {}
            try await stream()
        }
    }
}

extension Response {
    static func etcd(_ message: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try EtcdJSON.encode(message))))
    }
}

extension ByteBuffer {
    /// One answer of a stream, with its line's end.
    init<Message>(frame message: Message) throws where Message: Codable & Hashable & Sendable {
        self.init(bytes: try EtcdJSON.encode(EtcdStreamFrame.result(message)) + [UInt8(ascii: "\n")])
    }
}
