import NIOCore
import NIOPosix

/// A connection that knows nothing of HTTP.
struct RawConnection: ~Copyable {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread = ""

    init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    mutating func readToEnd() async throws -> String {
        while let buffer = try await inbound.next() { unread += String(buffer: buffer) }
        return unread
    }

    /// What has come when it first contains a text; that and what stands before it is taken.
    mutating func read(through text: String) async throws -> String {
        while true {
            if let range = unread.firstRange(of: text) {
                let result = String(unread[..<range.upperBound])
                unread = String(unread[range.upperBound...])
                return result
            }
            guard let buffer = try await inbound.next() else { throw ConnectionEnded(unread: unread) }
            unread += String(buffer: buffer)
        }
    }
}

struct ConnectionEnded: Error {
    let unread: String
}

func withRawConnection<Result: Sendable>(
    to address: SocketAddress, _ body: (inout RawConnection) async throws -> Result
) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
    }
    return try await channel.executeThenClose { inbound, outbound in
        var connection = RawConnection(inbound: inbound, outbound: outbound)
        return try await body(&connection)
    }
}

/// An answer's parts, taken apart by hand.
struct RawAnswer: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: String

    init(_ text: String) throws {
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw ConnectionEnded(unread: text) }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, let status = Int(words[1]) else { throw ConnectionEnded(unread: text) }
        self.status = status
        headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
            }, uniquingKeysWith: { "\($0), \($1)" })
        body = String(text[end.upperBound...])
    }
}
