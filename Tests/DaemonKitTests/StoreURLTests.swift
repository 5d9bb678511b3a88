import ClusterStore
import ConsulStore
import Foundation
import HTTPTransport
import NetworkModel
import TestSupport
import Testing

@testable import DaemonKit

@Suite struct `A store URL` {
    private static func servers(_ url: StoreURL) -> [String]? {
        if case .etcd(let servers) = url.place { servers.map(\.description) } else { nil }
    }

    @Test(
        arguments: [
            ("etcd://10.0.0.1:2379", ["10.0.0.1:2379"], nil),
            ("etcd://a:2379,b:23790", ["a:2379", "b:23790"], nil),
            ("etcd://a:2379,b:2379/prod/skein", ["a:2379", "b:2379"], "prod/skein"),
            ("etcd://a:2379/", ["a:2379"], nil),
            ("etcd://a:2379//prod/", ["a:2379"], "prod"),
            ("etcd://[fd00::1]:2379,[fd00::2]:2379/x", ["[fd00::1]:2379", "[fd00::2]:2379"], "x"),
            ("etcd://store-1.example.org", ["store-1.example.org:2379"], nil),
            ("etcd://a:2379,a:2379", ["a:2379"], nil),
        ] as [(String, [String], String?)])
    func `names etcd's servers and the root of the keys`(text: String, servers: [String], root: String?) throws {
        let url = try StoreURL(text)
        #expect(Self.servers(url) == servers)
        #expect(url.root == root)
        #expect(try StoreURL(url.description) == url)
    }

    @Test func `names the file of an embedded store`() throws {
        #expect(try StoreURL("embedded:///var/lib/skein/store.sqlite").place == .embedded(path: "/var/lib/skein/store.sqlite"))
    }

    @Test(arguments: [
        "", "nonsense", "://a:2379", "etcd://", "etcd://:2379", "etcd://a:0", "etcd://a:65536", "etcd://a:port", "etcd://a:2379,",
        "etcd://a b:2379", "etcd://fd00::1:2379", "etcd://[not-an-address]:2379", "etcd://a:2379/x//y",
        "etcd://a:2379/x y", "embedded://store.sqlite", "embedded://", "embedded:///var/lib/", "zookeeper://10.0.0.1:2181",
        "http://10.0.0.1:2379",
    ])
    func `that cannot be used is quoted`(text: String) {
        let refusal = #expect(throws: InvalidValue.self) { try StoreURL(text) }
        #expect(refusal?.message.contains("\"\(text)\"") == true)
    }

    @Test func `with a password in it is not repeated`() {
        let refusal = #expect(throws: InvalidValue.self) { try StoreURL("etcd://skein:hush@a:2379/prod") }
        #expect(refusal?.message.contains("hush") == false)
        #expect(refusal?.message.contains("kv.passwordfile") == true)
    }

    @Test func `names agents of Consul, and the root of the keys`() throws {
        let url = try StoreURL("consul://a,b:8501,[fd00::1]/prod/skein")
        guard case .consul(let servers) = url.place else { throw TestProblem("not Consul: \(url)") }
        #expect(servers.map(\.description) == ["a:8500", "b:8501", "[fd00::1]:8500"])
        #expect(url.root == "prod/skein")
        #expect(url.description == "consul://a:8500,b:8501,[fd00::1]:8500/prod/skein")
    }

    @Test func `of ZooKeeper says what to use`() {
        let refusal = #expect(throws: InvalidValue.self) { try StoreURL("zk://10.0.0.1:2181") }
        #expect(refusal?.message.hasSuffix("ZooKeeper is not supported; use etcd://, consul:// or embedded://") == true)
    }
}

@Suite struct `The choice of a store` {
    @Test func `takes the root from the URL or from the option`() throws {
        #expect(try StoreChoice(url: "etcd://a:2379", options: []).root == "skein")
        #expect(try StoreChoice(url: "etcd://a:2379/prod", options: []).root == "prod")
        #expect(try StoreChoice(url: "etcd://a:2379", options: ["kv.path=/prod/"]).root == "prod")
        #expect(try StoreChoice(url: "etcd://a:2379/prod", options: ["kv.path=prod"]).root == "prod")
    }

    @Test func `refuses two roots`() {
        let refusal = #expect(throws: InvalidValue.self) { try StoreChoice(url: "etcd://a:2379/prod", options: ["kv.path=test"]) }
        #expect(refusal?.message.contains("\"prod\"") == true)
        #expect(refusal?.message.contains("\"test\"") == true)
    }

    @Test func `refuses TLS files, a user and a time for a store in the process`() {
        for options in [
            ["kv.cacertfile=/ca", "kv.certfile=/cert", "kv.keyfile=/key"], ["kv.username=skein", "kv.password=x"], ["kv.timeout=5"],
        ] {
            #expect(throws: InvalidValue.self) { try StoreChoice(url: "embedded:///store.sqlite", options: options) }
        }
    }

    @Test(arguments: ["etcd", "consul"])
    func `waits for an answer as long as is asked for`(scheme: String) async throws {
        let server = try FakeServer.inTurn(#"{"error":"etcdserver: permission denied","code":7}"#, status: "403 Forbidden", each: 1.5)
        let choice = try StoreChoice(url: "\(scheme)://127.0.0.1:\(server.port)", options: ["kv.timeout=20"], environment: [:])
        let store = try choice.connect(to: choice.servers ?? [], .host(logger: quiet))
        let error = await #expect(throws: StoreError.self) { try await store.get(StoreKey("k")) }
        #expect(error?.code == .denied, "what came after more than the usual second: \(error?.message ?? "")")
    }

    @Test func `connects to Consul, and shows its token nowhere`() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("token")
        try "s3cret\n".write(toFile: file, atomically: true, encoding: .utf8)
        for (options, environment) in [
            (["consul.token=s3cret"], [:]), (["consul.token-file=\(file)"], ["CONSUL_HTTP_TOKEN": "other"]),
            ([], ["CONSUL_HTTP_TOKEN": "s3cret"]), ([], ["CONSUL_HTTP_TOKEN_FILE": file]),
        ] as [([String], [String: String])] {
            let choice = try StoreChoice(url: "consul://a,b/prod", options: options, environment: environment)
            #expect(try choice.consul.token?.read() == "s3cret")
            let store = try choice.connect(to: choice.servers ?? [], .host(logger: quiet))
            #expect(store.location == "consul://a:8500,b:8500/prod")
            for text in ["\(choice)", String(reflecting: choice)] { #expect(!text.contains("s3cret"), "\(text)") }
        }
    }

    @Test(
        arguments: [
            ("etcd://a", ["consul.token=s3cret"], "consul.token is for consul://"),
            ("embedded:///store.sqlite", ["consul.namespace=x"], "consul.namespace is for consul://"),
            ("consul://a", ["consul.token=s3cret", "consul.token-file=/f"], "give one of them"),
            ("consul://a", ["kv.username=skein", "kv.password=s3cret"], "give consul.token-file"),
            ("consul://a", ["consul.tokens3cret"], "consul.token…"),
            ("consul://a", ["consul.token=s3cret", "consul.token=s3cret"], "twice"),
            ("consul://a", ["discovery.ttl=86401"], "86400"),
            ("consul://s3cret@a", [], "no user and no password"),
        ] as [(String, [String], String)])
    func `refuses what is wrong for Consul, without its token`(url: String, options: [String], words: String) {
        let refusal = #expect(throws: InvalidValue.self) { try StoreChoice(url: url, options: options, environment: [:]) }
        #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
        #expect(refusal?.message.contains("s3cret") == false)
    }
}
