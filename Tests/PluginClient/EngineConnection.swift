import NIOCore
import NIOPosix
import TestSupport

/// What the plugin says to one call.
public struct PluginAnswer: Equatable, Sendable {
    public let status: Int
    public let type: String
    public let body: String
}

/// Connects to a plugin's socket for as long as the work takes.
public func withConnection<Result: Sendable>(
    to path: String, _ body: (inout EngineConnection) async throws -> Result
) async throws -> Result {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    let channel = try await bootstrap.connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
    }
    return try await channel.executeThenClose { inbound, outbound in
        var connection = EngineConnection(inbound: inbound, outbound: outbound)
        return try await body(&connection)
    }
}

/// A connection to the plugin's socket as an engine keeps one: raw bytes, call after call.
public struct EngineConnection: ~Copyable {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread = ""

    init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Calls a method with the header of an engine: no content type, an `Accept` of its own.
    ///
    /// - Parameter host: engines whose Go refuses a path as a host send this name; older ones send nothing.
    public mutating func call(
        _ method: String, _ body: String = "", verb: String = "POST", host: String = "plugin.moby.localhost", type: String? = nil
    ) async throws -> PluginAnswer {
        let lines = [
            "\(verb) /\(method) HTTP/1.1", "Host: \(host)", "User-Agent: Go-http-client/1.1", "Content-Length: \(body.utf8.count)",
            "Accept: application/vnd.docker.plugins.v1.2+json", "Accept-Encoding: gzip",
        ]
        let head = (lines + [type.map { "Content-Type: \($0)" }].compactMap { $0 }).joined(separator: "\r\n")
        try await outbound.write(ByteBuffer(string: head + "\r\n\r\n" + body))
        return try await answer()
    }

    private mutating func answer() async throws -> PluginAnswer {
        let lines = try await read(through: "\r\n\r\n").split(separator: "\r\n")
        func header(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let length = header("content-length").flatMap({ Int($0) })
        else { throw TestProblem("not an answer: \(lines)") }
        return PluginAnswer(status: status, type: header("content-type") ?? "", body: try await read(bytes: length))
    }

    private mutating func read(through end: String) async throws -> String {
        while true {
            if let range = unread.firstRange(of: end) {
                defer { unread = String(unread[range.upperBound...]) }
                return String(unread[..<range.upperBound])
            }
            try await readMore()
        }
    }

    private mutating func read(bytes count: Int) async throws -> String {
        while unread.utf8.count < count { try await readMore() }
        defer { unread = String(decoding: unread.utf8.dropFirst(count), as: UTF8.self) }
        return String(decoding: unread.utf8.prefix(count), as: UTF8.self)
    }

    private mutating func readMore() async throws {
        guard let buffer = try await inbound.next() else { throw TestProblem("the plugin closed the connection after: \(unread)") }
        unread += String(buffer: buffer)
    }
}
