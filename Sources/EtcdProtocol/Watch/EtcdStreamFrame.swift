/// One line of a streamed answer: a result, or the error that ends the stream.
public enum EtcdStreamFrame<Result: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    case result(Result)
    case error(EtcdErrorBody)

    enum CodingKeys: String, CodingKey {
        case result, error
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let result = try container.decodeIfPresent(Result.self, forKey: .result) {
            self = .result(result)
        } else {
            self = .error(try container.decode(EtcdStreamError.self, forKey: .error).body)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .result(let result): try container.encode(result, forKey: .result)
        case .error(let body): try container.encode(EtcdStreamError(body), forKey: .error)
        }
    }
}

/// An error inside a stream, which the gateway writes otherwise than an error of its own: `grpc_code` up to etcd 3.5, `code` after.
private struct EtcdStreamError: Codable {
    let grpcCode: Int?
    let code: Int?
    let httpCode: Int?
    let message: String?

    init(_ body: EtcdErrorBody) {
        grpcCode = body.code.rawValue
        code = nil
        httpCode = body.code.httpStatus
        message = body.message
    }

    var body: EtcdErrorBody { EtcdErrorBody(EtcdStatusCode(rawValue: grpcCode ?? code ?? 2), message ?? "no message") }

    enum CodingKeys: String, CodingKey {
        case grpcCode = "grpc_code"
        case code
        case httpCode = "http_code"
        case message
    }
}
