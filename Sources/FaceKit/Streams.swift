public import Hummingbird

extension Request {
    /// An answer without an end: one JSON line a value that `line` makes something of, until the values end or the client hangs up.
    ///
    /// For requests whose body nobody has read: hanging up is noticed by reading on.
    public func lines<Value: Sendable>(
        of values: AsyncStream<Value>, _ line: @escaping @Sendable (Value) -> (some Encodable)?
    ) -> Response {
        let body = body
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                // Without this a client that is gone would be kept until the next value cannot be written.
                try await body.consumeWithCancellationOnInboundClose { _ in
                    for await value in values {
                        if let line = line(value) { try await writer.write(try Response.jsonLine(line)) }
                    }
                }
                try await writer.finish(nil)
            })
    }
}
