import FaceKit
import Foundation
import Hummingbird
import HummingbirdTesting
import NetworkModel
import Testing

@testable import WorkerAPI

/// The routes over a real socket: bytes in, bytes out.
@Suite struct RouteTests {
    private static func id(_ digit: String) -> String { String(repeating: digit, count: 64) }

    private static func sandbox() throws -> SandboxDetail {
        let time = Timestamp(nanoseconds: 1_767_225_600_000_000_000)
        let network = NetworkRecord(
            id: try Identifier(id("1")), name: "multi", driver: .overlay,
            subnets: [SubnetRecord(pool: try Subnet("10.0.0.0/24"), gateway: try IPAddress("10.0.0.1"))], created: time)
        let endpoint = EndpointRecord(
            id: try Identifier(id("e")), network: network.id, name: try EndpointName("demo1"), aliases: [try EndpointName("web")],
            addresses: [try IPAddress("10.0.0.2"), try IPAddress("fd00::2")], mac: try MACAddress("02:42:0a:00:00:02"),
            node: try Identifier(id("a")), epoch: Epoch(1), sandbox: try Identifier(id("5")), interface: "eth0")
        let record = SandboxRecord(
            id: try Identifier(id("5")), name: try EndpointName("demo1"), node: try Identifier(id("a")), created: time, labels: ["k": "v"])
        return SandboxDetail(
            sandbox: record, node: nil, attachments: [.init(endpoint: endpoint, network: network)], namespacePath: "/run/netns/sk-demo1")
    }

    private static func backend(_ adjust: (inout CannedBackend.State) throws -> Void = { _ in }) throws -> CannedBackend {
        var state = CannedBackend.State()
        state.sandboxes = [try sandbox()]
        state.nodes = [NodeDetail(id: try Identifier(id("b")), record: nil, sandboxes: 1, endpoints: 2)]
        try adjust(&state)
        return CannedBackend(state)
    }

    private func request(
        _ backend: CannedBackend, _ method: HTTPRequest.Method, _ path: String, body: String? = nil
    ) async throws -> (status: Int, body: String) {
        let router = Router()
        router.add(middleware: FaultResponses())
        ClusterRoutes(backend: backend).add(to: router)
        SandboxRoutes(backend: backend).add(to: router)
        return try await Application(router: router).test(.live) { client in
            let answer = try await client.execute(
                uri: path, method: method, headers: body == nil ? [:] : [.contentType: "application/json"],
                body: body.map { ByteBuffer(string: $0) })
            return (Int(answer.status.code), String(buffer: answer.body))
        }
    }

    @Test func `a sandbox is shown with its endpoints`() async throws {
        let answer = try await request(try Self.backend(), .get, "/skein/v1/sandboxes/demo1")
        #expect(answer.status == 200)
        #expect(
            answer.body == """
                {"Created":"2026-01-01T00:00:00.000000000Z","ID":"\(Self.id("5"))","Kind":"native","Labels":{"k":"v"},"Name":"demo1",\
                "NamespacePath":"/run/netns/sk-demo1","Networks":[{"Addresses":["10.0.0.2/24","fd00::2"],"Aliases":["web"],\
                "EndpointID":"\(Self.id("e"))","Gateways":["10.0.0.1"],"Interface":"eth0","MacAddress":"02:42:0a:00:00:02","Name":"multi",\
                "NetworkID":"\(Self.id("1"))"}],"Node":{"Hostname":"","ID":"\(Self.id("a"))"}}

                """)
        let list = try await request(try Self.backend(), .get, "/skein/v1/sandboxes")
        #expect(list.body == "[\(answer.body.dropLast())]\n")
    }

    @Test func `a sandbox is created from what the body says`() async throws {
        let backend = try Self.backend()
        let body = """
            {"Name":"demo2","Labels":{"a":"b"},"Networks":[{"Network":"multi","Addresses":["10.0.0.9"],"Aliases":["x"],
            "MacAddress":"02:00:00:00:00:01"},{"Network":"other"}],"Unknown":1}
            """
        #expect(try await request(backend, .post, "/skein/v1/sandboxes", body: body).status == 201)
        let options = AttachmentOptions(
            addresses: [try IPAddress("10.0.0.9")], aliases: [try EndpointName("x")], mac: try MACAddress("02:00:00:00:00:01"))
        #expect(
            backend.created == [
                SandboxCreation(
                    name: try EndpointName("demo2"), labels: ["a": "b"],
                    attachments: [.init(network: "multi", options: options), .init(network: "other")])
            ])
    }

    @Test(arguments: [
        ("{}", 400, "name is empty"), ("{\"Name\":\"-x\"}", 400, "invalid name \\\"-x\\\""), ("", 400, "EOF"),
        ("{\"Name\":1}", 400, "Name is not a string"),
        ("{\"Name\":\"a\",\"Networks\":[{}]}", 400, "invalid network name"),
        ("{\"Name\":\"a\",\"Networks\":[{\"Network\":\"n\",\"Addresses\":[\"1.2.3\"]}]}", 400, "1.2.3"),
        ("{\"Name\":\"a\",\"Networks\":[{\"Network\":\"n\",\"Addresses\":[\"10.0.0.1\",\"10.0.0.2\"]}]}", 400, "one a family"),
        ("{\"Name\":\"a\",\"Networks\":[{\"Network\":\"n\",\"MacAddress\":\"01:00:00:00:00:01\"}]}", 400, "unicast"),
        (
            "{\"Name\":\"a\",\"Networks\":[{\"Network\":\"n\",\"DriverOpts\":{\"z\":\"1\",\"b\":\"2\"}}]}", 501,
            "endpoint option \\\"b\\\" is not supported"
        ),
    ])
    func `a body that cannot be honoured is refused by what is wrong in it`(body: String, status: Int, problem: String) async throws {
        let backend = try Self.backend()
        let answer = try await request(backend, .post, "/skein/v1/sandboxes", body: body)
        #expect(answer.status == status)
        #expect(answer.body.hasPrefix("{\"message\":\"") && answer.body.contains(problem), "\(answer.body)")
        #expect(backend.created.isEmpty)
    }

    @Test func `sandboxes and nodes are removed by whatever name they have`() async throws {
        let backend = try Self.backend()
        for path in ["sandboxes/a%20b?force=1", "sandboxes/a?force=0", "sandboxes/a", "nodes/node-1"] {
            #expect(try await request(backend, .delete, "/skein/v1/\(path)").status == 204)
        }
        #expect(backend.log == ["remove a b by force", "remove a", "remove a", "remove node node-1"])
    }

    @Test func `a node that is gone says so`() async throws {
        let answer = try await request(try Self.backend(), .get, "/skein/v1/nodes")
        #expect(answer.status == 200)
        let nodes = try JSONDecoder().decode([NodeResource].self, from: Data(answer.body.utf8))
        #expect(nodes.map(\.status) == [.down] && nodes.map(\.endpoints) == [2])
        #expect(try await request(try Self.backend(), .get, "/skein/v1/nodes/x").body == "{\"message\":\"no such node: x\"}\n")
    }

    @Test func `health has a status of its own`() async throws {
        #expect(try await request(try Self.backend(), .get, "/skein/v1/health").status == 200)
        let sick = try Self.backend { $0.status.storeFault = "etcd://a:2379 does not answer" }
        let answer = try await request(sick, .get, "/skein/v1/health")
        #expect(answer.status == 503)
        #expect(
            answer.body == #"{"Healthy":false,"Role":"worker","Store":"etcd://a:2379","StoreFault":"etcd://a:2379 does not answer"}"# + "\n"
        )
        #expect(try await request(sick, .get, "/skein/v1/status").status == 200)
    }

    @Test func `a status of a newer peer is read as unknown`() throws {
        #expect(try JSONDecoder().decode([NodeResource.Status].self, from: Data(#"["Ready","Paused"]"#.utf8)) == [.ready, .unknown])
    }

    @Test func `what is used up is a failure of the server, as in docker`() async throws {
        let backend = try Self.backend { $0.sandboxes = [] }
        let answer = try await request(backend, .post, "/skein/v1/sandboxes", body: #"{"Name":"a"}"#)
        #expect(answer.status == 500 && answer.body == "{\"message\":\"no address is left\"}\n")
    }

    private struct Doctor: DoctorBackend {
        func examine() async -> [DoctorCheck] {
            [
                DoctorCheck(.ok, "node", "it has joined"), DoctorCheck(.warning, "nodes", "one is away"),
                DoctorCheck(.failed, "engine", "it does not answer", advice: "start it"),
            ]
        }
    }

    @Test func `what the doctor finds is shown in its order`() async throws {
        let router = Router()
        DoctorRoutes(backend: Doctor()).add(to: router)
        let body = try await Application(router: router).test(.live) { client in
            String(buffer: try await client.execute(uri: "/skein/v1/doctor", method: .get).body)
        }
        #expect(
            body == """
                [{"Check":"node","Finding":"it has joined","Status":"ok"},\
                {"Check":"nodes","Finding":"one is away","Status":"warning"},\
                {"Advice":"start it","Check":"engine","Finding":"it does not answer","Status":"failed"}]

                """)
    }

    private struct Ports: PublishedPortBackend {
        let endpoint: EndpointRecord

        func publishedPorts() async -> [PublishedPortDetail] {
            [
                PublishedPortDetail(
                    endpoint: endpoint, network: "multi", forwarding: PortForwarding(hostPort: 8080, to: TransportPort(.sctp, 80)))
            ]
        }
    }

    @Test func `published ports are shown with what they lead to`() async throws {
        let router = Router()
        PublishedPortRoutes(backend: Ports(endpoint: try Self.sandbox().attachments[0].endpoint)).add(to: router)
        let body = try await Application(router: router).test(.live) { client in
            String(buffer: try await client.execute(uri: "/skein/v1/ports", method: .get).body)
        }
        #expect(
            body == """
                [{"EndpointID":"\(Self.id("e"))","HostIP":"","HostPort":8080,"Name":"demo1","Network":"multi","Port":80,\
                "Protocol":"sctp","SandboxID":"\(Self.id("5"))"}]

                """)
    }
}
