import Foundation
import HTTPTransport
import Hummingbird
import NIOCore
import NetworkModel
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import DaemonKit

@Suite struct `An API server` {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString.prefix(8))/api.sock").path

    private func server() -> APIServer<RouterResponder<BasicRequestContext>> {
        let router = Router(context: BasicRequestContext.self)
        router.get("hello") { _, _ in "hello" }
        router.get("forever") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "first\n"))
                    for await _ in AsyncStream<Never>.makeStream().stream {}
                })
        }
        return APIServer(router.buildResponder(), at: .unix(path: path), clock: ContinuousClock(), logger: quiet)
    }

    private func request(_ path: String) -> HTTPTransport.HTTPRequest {
        HTTPTransport.HTTPRequest(url: "http://skein/\(path)", unixSocket: self.path)
    }

    /// Serves until the work is done, then asks the server to end as SIGTERM does, and waits until it has.
    private func serving(_ work: @escaping @Sendable (HTTPClient) async throws -> Void) async throws {
        let group = ServiceGroup(services: [server()], logger: quiet)
        let client = try HTTPClient(logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the server answers") { (try? await client.send(request("hello")).status) == 200 }
            try await work(client)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `serves on a unix socket that others may not use, and removes it at its end`() async throws {
        try await serving { client in
            let answer = try await client.send(request("hello"))
            #expect(answer.body == Array("hello".utf8))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o660)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `never opens its socket to others, from the first moment on`() async throws {
        let modes = Mutex<Set<mode_t>>([])
        let isDone = Mutex(false)
        let path = path
        // Looks without a pause, beside the threads that serve.
        Thread.detachNewThread {
            var status = stat()
            while !isDone.withLock({ $0 }) {
                if lstat(path, &status) == 0 { modes.withLock { _ = $0.insert(status.st_mode & 0o777) } }
            }
        }
        defer { isDone.withLock { $0 = true } }
        for _ in 0..<10 { try await serving { _ in } }
        #expect(modes.withLock { $0 } == [0o660])
    }

    @Test func `ends also while a stream is open`() async throws {
        let client = try HTTPClient(logger: quiet)
        let group = ServiceGroup(services: [server()], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the server answers") { (try? await client.send(request("hello")).status) == 200 }
            let stream = try await client.stream(request("forever"))
            var chunks = stream.makeAsyncIterator()
            #expect(try await chunks.next() == Array("first\n".utf8))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `takes over the socket of a life that was killed`() async throws {
        try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try leaveSocket(at: path)
        try await serving { _ in }
    }

    @Test func `refuses a socket that somebody answers, and a file that is none`() async throws {
        try await serving { _ in
            let refusal = #expect(throws: DaemonError.self) { try SocketFile(preparing: path) }
            #expect(refusal?.message.contains("another process listens on unix://\(path)") == true)
        }
        try Data().write(to: URL(fileURLWithPath: path))
        let refusal = #expect(throws: DaemonError.self) { try SocketFile(preparing: path) }
        #expect(refusal?.message.contains("\(path) exists and is not a socket") == true)
    }

    @Test func `names an address that it cannot use`() async throws {
        let server = APIServer(
            Router(context: BasicRequestContext.self).buildResponder(), at: .tcp(host: "192.0.2.1", port: 1), clock: ContinuousClock(),
            logger: quiet)
        let refusal = await #expect(throws: DaemonError.self) { try await server.run() }
        #expect(refusal?.message.contains("tcp://192.0.2.1:1") == true)
    }

    /// A socket file that nobody listens on, as a killed process leaves it.
    private func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        #expect(bound == 0)
    }
}
