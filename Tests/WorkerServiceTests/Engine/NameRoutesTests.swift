import FoundationEssentials
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite struct `The routes to where names are asked for` {
    private let folder: TemporaryFolder
    private let path: String
    private let (first, second): (EndpointID, EndpointID)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("name-routes.json")
        (first, second) = (try EndpointID("e1"), try EndpointID("e2"))
    }

    @Test func `are never the same for two endpoints of a container, also in the worker's next life`() async throws {
        let routes = NameRoutes(path: path)
        #expect(try await routes.take(for: first, in: "/a") == (try Subnet("169.254.53.53/32")))
        #expect(try await routes.take(for: first, in: "/a") == (try Subnet("169.254.53.53/32")))
        let next = NameRoutes(path: path)
        #expect(try await next.take(for: second, in: "/a") == (try Subnet("169.254.53.52/31")))
        #expect(try await next.take(for: try EndpointID("e3"), in: "/b") == (try Subnet("169.254.53.53/32")))
        try await next.forget(first)
        #expect(try await next.take(for: try EndpointID("e4"), in: "/a") == (try Subnet("169.254.53.53/32")))
    }

    @Test func `end with the ninth network of a container`() async throws {
        let routes = NameRoutes(path: path)
        for number in 0..<9 { #expect(try await routes.take(for: try EndpointID("e\(number)"), in: "/a") != nil) }
        #expect(try await routes.take(for: try EndpointID("ff"), in: "/a") == nil)
    }

    @Test func `begin anew from a file that cannot be read`() async throws {
        try "{".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await NameRoutes(path: path).take(for: first, in: "/a") == (try Subnet("169.254.53.53/32")))
    }
}
