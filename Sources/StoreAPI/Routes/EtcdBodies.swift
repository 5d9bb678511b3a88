import EtcdProtocol
import Hummingbird
import NIOCore

/// The most bytes of a request: etcd's bound of 1.5 MiB, in base64 and with room for the rest.
private let largestRequest = 4 << 20

extension Request {
    /// Reads the message of a call, and leaves the body in its place: whoever answers with a stream sees there that the client hangs up.
    func etcdMessage<Message: Decodable>() async throws -> Message {
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: largestRequest)
        } catch is NIOTooManyBytesError {
            throw EtcdErrorBody.requestTooLarge
        }
        return try EtcdJSON.decode(Message.self, from: bytes.readableBytesView)
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
