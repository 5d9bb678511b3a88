import FoundationEssentials
public import Hummingbird
import NIOCore
import NetworkModel

/// The largest body that a face reads, in bytes: a network with a thousand subnets takes a tenth of it.
public let largestBody = 1 << 20

extension Request {
    /// Reads a JSON body as Docker does: unknown fields are passed over, `null` is an absent field.
    ///
    /// - Throws: ``RequestFault`` for another content type, an empty body or bad JSON; HTTP 413 for a body over ``largestBody``.
    public func json<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        try checkContentType()
        return try await jsonOfAnyContentType(type)
    }

    /// The same for a client that says nothing of its body's type, or something odd.
    public func jsonOfAnyContentType<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        var bytes = try await collectBody()
        guard bytes.readableBytes > 0 else { throw RequestFault(.invalid, "invalid JSON: got EOF while reading request body") }
        let data = Data(bytes.readBytes(length: bytes.readableBytes) ?? [])
        do {
            return try JSONDecoder().decode(Body.self, from: data)
        } catch let error as DecodingError {
            throw RequestFault(.invalid, "invalid JSON: \(error.sentence)")
        }
    }

    private func collectBody() async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: largestBody)
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge, message: "request body is larger than \(largestBody) bytes")
        }
    }

    /// A body without a type is taken for JSON: `curl` users would be surprised otherwise, and Docker does so for an empty one.
    private func checkContentType() throws(RequestFault) {
        guard let type = headers[.contentType] else { return }
        let essence = type.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard essence == "application/json" else {
            throw RequestFault(.invalid, "unsupported Content-Type header (\(type)): must be 'application/json'")
        }
    }
}

extension Response {
    /// A JSON answer, its keys sorted so that equal answers are equal bytes.
    public static func json(_ body: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: try jsonLine(body)))
    }

    /// A JSON answer with its fields in the order of their types: see ``OrderedJSON``.
    public static func orderedJSON(_ body: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        var buffer = ByteBuffer(bytes: try OrderedJSON.bytes(of: body))
        buffer.writeString("\n")
        return Response(status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: buffer))
    }

    /// A value as one line of JSON: a whole answer, or one event of a stream.
    public static func jsonLine(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var buffer = ByteBuffer(bytes: try encoder.encode(value))
        buffer.writeString("\n")
        return buffer
    }
}

extension DecodingError {
    /// What is wrong and where, without the decoder's own types.
    fileprivate var sentence: String {
        switch self {
        case .typeMismatch(let type, let context): "field \(Self.path(context.codingPath)) is not \(Self.article(type))"
        case .valueNotFound(let type, let context): "field \(Self.path(context.codingPath)) is null and must be \(Self.article(type))"
        case .keyNotFound(let key, let context): "field \(Self.path(context.codingPath + [key])) is missing"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "the body is not a JSON value"
        case .dataCorrupted(let context): "field \(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "the body cannot be read"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let text = keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
        return text.isEmpty ? "(the whole body)" : text
    }

    private static func article(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any Collection.Type where "\(type)".hasPrefix("Array"): "a list"
        default: "an object"
        }
    }
}
