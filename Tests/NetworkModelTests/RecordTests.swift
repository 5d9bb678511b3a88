import Foundation
import NetworkModel
import Testing

@Suite struct RecordTests {
    private let network: NetworkRecord
    private let endpoint: EndpointRecord
    private let node: NodeRecord

    init() throws {
        let id = try NetworkID("4f2c")
        network = NetworkRecord(
            id: id, name: "multi host", driver: .overlay, vni: try VNI(256),
            subnets: [
                SubnetRecord(
                    pool: try Subnet("10.0.9.0/24"), subPool: try Subnet("10.0.9.128/25"), gateway: IPAddress(10, 0, 9, 1),
                    auxiliary: ["router": IPAddress(10, 0, 9, 2)], isUserDefined: true),
                SubnetRecord(pool: try Subnet("fd00:9::/64"), gateway: try IPAddress("fd00:9::1")),
            ],
            options: [NetworkOption.mtu: "1400"], labels: ["a": "b"], isInternal: true, created: Timestamp(nanoseconds: 5),
            state: .removing)
        endpoint = EndpointRecord(
            id: try EndpointID("e1"), network: id, name: try EndpointName("Rose"), aliases: [try EndpointName("flower")],
            addresses: [IPAddress(10, 0, 9, 3), try IPAddress("fd00:9::3")], mac: try MACAddress("02:42:0a:00:09:03"),
            node: try NodeID("a1"), epoch: Epoch(7), sandbox: try SandboxID("5b"), interface: "eth0")
        node = NodeRecord(
            id: try NodeID("a1"), hostname: "host", vtep: IPAddress(192, 168, 0, 1), advertise: "192.168.0.1:2376", epoch: Epoch(7),
            version: "0.1.0", kernelVersion: "6.1.0", operatingSystem: "Debian GNU/Linux 12",
            hostRoutes: [try Subnet("192.168.0.0/24")], underlayMTU: 1500, joined: Timestamp(nanoseconds: 6))
    }

    private func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
        try CompactJSON.decode(Value.self, from: CompactJSON.encode(value))
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try CompactJSON.decode(type, from: Array(json.utf8))
    }

    @Test func `records come back from JSON as they were`() throws {
        #expect(try roundTrip(network) == network)
        #expect(try roundTrip(endpoint) == endpoint)
        #expect(try roundTrip(node) == node)
        let sandbox = SandboxRecord(
            id: endpoint.sandbox, name: endpoint.name, node: node.id, kind: .engine, runtimeID: "c0ffee", created: Timestamp(nanoseconds: 1)
        )
        #expect(try roundTrip(sandbox) == sandbox)
    }

    @Test(arguments: [
        RequestRecord.State.pending, .claimed, .done(nil), .failed(.exhausted, "pool full"),
    ])
    func `a request comes back from JSON in each of its states`(state: RequestRecord.State) throws {
        let request = RequestRecord(
            id: try RequestID("4e"), node: node.id, verb: .connect, sandbox: endpoint.sandbox, network: network.id,
            attachment: AttachmentOptions(addresses: [IPAddress(10, 0, 9, 9)], aliases: [endpoint.name], mac: endpoint.mac),
            deadlineSeconds: 10, state: state)
        #expect(try roundTrip(request) == request)
    }

    @Test(arguments: [AddressRecord.gateway, .auxiliary("router")])
    func `an address's owner comes back from JSON`(owner: AddressRecord) throws {
        #expect(try roundTrip(owner) == owner)
        #expect(try roundTrip(AddressRecord.endpoint(endpoint.id)) == .endpoint(endpoint.id))
        let reserved = AddressRecord.reserved(node.id, node.epoch, try ReservationID("7e5"))
        #expect(try roundTrip(reserved) == reserved)
    }

    @Test func `a container engine's endpoint comes back from JSON`() throws {
        var record = endpoint
        record.kind = .engine
        record.interface = ""
        record.links = ["db": try EndpointName("Database.1")]
        #expect(try roundTrip(record) == record)
        let forwarding = PortForwarding(hostAddress: IPAddress(127, 0, 0, 1), hostPort: 8080, to: TransportPort(.udp, 53))
        #expect(try roundTrip(forwarding) == forwarding)
    }

    @Test func `values are coded as their text, so that people can read the store`() throws {
        let text = String(decoding: try CompactJSON.encode(endpoint), as: UTF8.self)
        #expect(text.contains(#""mac":"02:42:0a:00:09:03""#))
        #expect(text.contains(#""addresses":["10.0.9.3","fd00:9::3"]"#))
        #expect(text.contains(#""epoch":7"#))
    }

    @Test func `copies of an endpoint's record are one until one of them changes`() throws {
        let changes: [(inout EndpointRecord) throws -> Void] = [
            { $0.name = try EndpointName("tulip") }, { $0.aliases = [] }, { $0.addresses.removeLast() },
            { $0.mac = try MACAddress("02:42:0a:00:09:04") }, { $0.epoch = Epoch(8) }, { $0.sandbox = try SandboxID("5c") },
            { $0.kind = .cni }, { $0.interface = "eth1" }, { $0.options["a"] = "b" }, { $0.links["db"] = try EndpointName("db") },
        ]
        for change in changes {
            let before = endpoint
            var copy = endpoint
            #expect(copy == before && copy.hashValue == before.hashValue)
            try change(&copy)
            #expect(copy != before && before == endpoint)
            #expect(try roundTrip(copy) == copy)
        }
    }

    @Test func `an endpoint's record without one of its members is refused by the member's name`() throws {
        let whole = try #require(
            try JSONSerialization.jsonObject(with: Data(CompactJSON.encode(endpoint))) as? [String: Any])
        #expect(whole.count == 13)
        for name in whole.keys {
            var object = whole
            object[name] = nil
            let bytes = Array(try JSONSerialization.data(withJSONObject: object))
            let error = #expect(throws: DecodingError.self) { try CompactJSON.decode(EndpointRecord.self, from: bytes) }
            guard case .keyNotFound(let key, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(key.stringValue == name)
        }
    }

    @Test func `an endpoint's record is for one coder, which says so`() {
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(endpoint) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(EndpointRecord.self, from: Data("{}".utf8)) }
    }

    @Test func `a case that a newer peer wrote is unknown, and no error`() throws {
        #expect(try decode([NetworkDriver].self, #"["overlay", "macvlan"]"#) == [.overlay, .unknown])
        #expect(try decode([SandboxRecord.Kind].self, #"["cni", "vm"]"#) == [.cni, .unknown])
        #expect(try decode([RequestRecord.Verb].self, #"["connect", "migrate"]"#) == [.connect, .unknown])
        #expect(try decode([FaultKind].self, #"["notFound", "sulking"]"#) == [.notFound, .unknown])
    }

    @Test func `a field that a newer peer added is passed over`() throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(CompactJSON.encode(endpoint))) as? [String: Any])
        object["colour"] = "red"
        let bytes = Array(try JSONSerialization.data(withJSONObject: object))
        #expect(try CompactJSON.decode(EndpointRecord.self, from: bytes) == endpoint)
    }

    @Test(arguments: [
        (#"["10.0.9.300"]"#, "is not an IPv4 or IPv6 address"), (#"[7]"#, ""), (#"[null]"#, ""),
    ])
    func `a value that is none is a decoding error`(json: String, message: String) throws {
        let error = #expect(throws: DecodingError.self) { try decode([IPAddress].self, json) }
        #expect(message.isEmpty || "\(String(describing: error))".contains(message))
    }

    @Test func `a VNI out of range in the store is a decoding error`() {
        #expect(throws: DecodingError.self) { try decode([VNI].self, "[0]") }
        #expect(throws: DecodingError.self) { try decode([VNI].self, "[-1]") }
    }

    @Test func `an address belongs to the subnet that contains it`() throws {
        #expect(try network.subnet(of: IPAddress("10.0.9.77"))?.pool == Subnet("10.0.9.0/24"))
        #expect(try network.subnet(of: IPAddress("fd00:9::77"))?.pool == Subnet("fd00:9::/64"))
        #expect(try network.subnet(of: IPAddress("10.0.8.77")) == nil)
    }

    @Test func `gateways and addresses are found by family`() throws {
        #expect(network.gateways(.v4) == [IPAddress(10, 0, 9, 1)])
        #expect(try network.gateways(.v6) == [IPAddress("fd00:9::1")])
        #expect(endpoint.address(.v4) == IPAddress(10, 0, 9, 3))
    }

    @Test func `an overlay is global and a bridge is local`() {
        #expect(NetworkDriver.overlay.scope == .global)
        #expect(NetworkDriver.bridge.scope == .local)
        #expect(NetworkDriver.unknown.scope == .global)
    }
}
