import ClusterCatalog
import ClusterStore
import DaemonKit
import DesiredState
import DriverAPI
import Hummingbird
import NetworkModel
import PluginClient
import ServiceLifecycle
import TestSupport
import Testing

@testable import WorkerService

/// Bytes in and bytes out, through everything that stands behind the socket.
@Suite(.timeLimit(.minutes(1))) struct `The plugin socket of a worker` {
    private let store = InMemoryStore()
    private let alpha = Host(1, hasEngine: true)
    private let folder: TemporaryFolder
    private let path: String

    private static let n = String(repeating: "1", count: 64)
    private static let e = String(repeating: "e", count: 64)
    private static let ids = #""NetworkID":"\#(n)","EndpointID":"\#(e)""#

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("plugins/skein.sock")
    }

    private func server(_ worker: Worker) throws -> any Service {
        let side = try #require(worker.engine)
        let routes = DriverRoutes(networks: side.driver, addresses: side.addresses, limit: .seconds(30), clock: ContinuousClock())
        return APIServer(routes.router().buildResponder(), at: .unix(path: path), clock: ContinuousClock(), logger: quiet)
    }

    @Test func `takes an engine through all of a network's life`() async throws {
        let worker = try alpha.worker(on: store)
        let network = try NetworkID(Self.n)
        let device = KernelNames.engineDevice(of: try EndpointID(Self.e))
        let pool = #""PoolID":"skein/10.0.0.0/24""#
        let before = [
            ("Plugin.Activate", "", #"{"Implements":["NetworkDriver","IpamDriver"]}"#),
            ("IpamDriver.RequestPool", #"{"AddressSpace":"skein"}"#, #"{\#(pool),"Pool":"10.0.0.0/24","Data":{}}"#),
            (
                "IpamDriver.RequestAddress", #"{\#(pool),"Address":"","Options":{"RequestAddressType":"com.docker.network.gateway"}}"#,
                #"{"Address":"10.0.0.1/24","Data":{}}"#
            ),
            (
                "NetworkDriver.CreateNetwork",
                #"{"NetworkID":"\#(Self.n)","Options":{"com.docker.network.generic":{}},"#
                    + #""IPv4Data":[{"AddressSpace":"skein","Gateway":"10.0.0.1/24","Pool":"10.0.0.0/24"}],"IPv6Data":[]}"#, "{}"
            ),
        ]
        let after = [
            ("IpamDriver.RequestAddress", #"{\#(pool),"Address":"","Options":null}"#, #"{"Address":"10.0.0.2/24","Data":{}}"#),
            (
                "NetworkDriver.CreateEndpoint", #"{\#(Self.ids),"Interface":{"Address":"10.0.0.2/24","AddressIPv6":"","MacAddress":""}}"#,
                #"{"Interface":{"MacAddress":"02:42:0a:00:00:02"}}"#
            ),
            (
                "NetworkDriver.Join", #"{\#(Self.ids),"SandboxKey":"/var/run/docker/netns/1"}"#,
                #"{"InterfaceName":{"SrcName":"\#(device)","DstPrefix":"eth"},"Gateway":"10.0.0.1","GatewayIPv6":"","#
                    + #""StaticRoutes":[{"Destination":"169.254.53.53/32","RouteType":1,"NextHop":""}],"#
                    + #""DisableGatewayService":true}"#
            ),
            ("NetworkDriver.ProgramExternalConnectivity", #"{\#(Self.ids),"Options":{}}"#, "{}"),
            ("NetworkDriver.RevokeExternalConnectivity", "{\(Self.ids)}", "{}"), ("NetworkDriver.Leave", "{\(Self.ids)}", "{}"),
            ("NetworkDriver.DeleteEndpoint", "{\(Self.ids)}", "{}"),
            ("IpamDriver.ReleaseAddress", #"{\#(pool),"Address":"10.0.0.2"}"#, "{}"),
            ("IpamDriver.ReleaseAddress", #"{\#(pool),"Address":"10.0.0.1"}"#, "{}"), ("IpamDriver.ReleasePool", "{\(pool)}", "{}"),
            ("NetworkDriver.DeleteNetwork", #"{"NetworkID":"\#(Self.n)"}"#, "{}"),
        ]
        try await running(worker, beside: [try server(worker)]) {
            try await call(before)
            // The event of the network's creation has told its name.
            let catalog = worker.backend.scopes.global.catalog
            _ = try await catalog.createNetwork(
                NetworkRequest(id: network, name: "multi", subnets: [SubnetRecord(pool: try Subnet("10.0.0.0/24"))]))
            try await worker.engine?.journal.setNetwork(network, of: try EngineNetworkID(Self.n))
            try await call(after)
            #expect(try await store.list([CatalogKeys.networks, CatalogKeys.addresses, CatalogKeys.endpoints]).entries.isEmpty)
        }
    }

    @Test func `answers also while the worker has not joined`() async throws {
        let away = AwayStore(store)
        away.leave()
        let worker = try alpha.worker(on: away)
        try await running(worker, beside: [try server(worker)]) {
            try await call([("Plugin.Activate", "", #"{"Implements":["NetworkDriver","IpamDriver"]}"#)])
            let answer = try await withConnection(to: path) { engine in
                try await engine.call("IpamDriver.RequestPool", #"{"AddressSpace":"skein"}"#)
            }
            #expect(
                answer.body.hasPrefix(#"{"Error":"this node has not joined the cluster yet: no answer from 192.0.2.9:2379"#),
                "\(answer.body)")
        }
    }

    private func call(_ calls: [(method: String, body: String, answer: String)]) async throws {
        try await eventually("the socket is there") { (try? await withConnection(to: path) { _ in true }) ?? false }
        try await withConnection(to: path) { engine in
            for call in calls {
                let answer = try await engine.call(call.method, call.body)
                #expect(answer.body == call.answer, "\(call.method)")
            }
        }
    }
}
