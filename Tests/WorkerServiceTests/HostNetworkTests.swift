import DaemonKit
import KernelNetwork
import NetworkModel
import Testing

@testable import WorkerService

@Suite struct `A host's network` {
    private func host() throws -> HostNetwork {
        func link(_ name: String, alias: String? = nil) -> LinkState {
            LinkState(name: name, index: 1, kind: .other(""), mtu: 1500, alias: alias, isUp: true)
        }
        func address(_ text: String, _ link: String) throws -> AddressEntry {
            AddressEntry(link: link, address: try InterfaceAddress(text))
        }
        func route(_ text: String, _ link: String) throws -> RouteEntry {
            RouteEntry(destination: try Subnet(text), gateway: nil, link: link)
        }
        return HostNetwork(
            KernelState(
                links: [
                    "lo": link("lo"), "eth0": link("eth0"), "eth1": link("eth1"), "six": link("six"), "bare": link("bare"),
                    "skab12": link("skab12", alias: "ab12"), "skynet": link("skynet"),
                ],
                addresses: [
                    try address("127.0.0.1/8", "lo"), try address("10.98.0.101/24", "eth0"), try address("10.98.0.200/24", "eth0"),
                    try address("fe80::1/64", "eth0"), try address("fd00::9/64", "eth1"), try address("192.0.2.7/24", "eth1"),
                    try address("fe80::2/64", "six"), try address("fd00:6::1/64", "six"),
                ],
                routes: [
                    try route("0.0.0.0/0", "eth0"), try route("::/0", "six"), try route("10.98.0.0/24", "eth0"),
                    try route("172.16.0.0/12", "eth1"), try route("fe80::/64", "eth0"), try route("169.254.128.0/31", "skab12"),
                    try route("10.5.0.0/16", "skab12"), try route("10.6.0.0/16", "skynet"), try route("fd00::/64", "eth1"),
                ]))
    }

    @Test(arguments: [
        ("eth0:2376", "10.98.0.101"), ("eth1:2376", "192.0.2.7"), ("six:2376", "fd00:6::1"), ("10.98.0.200:2376", "10.98.0.200"),
        ("[fd00::9]:2376", "fd00::9"),
    ])
    func `has the address that is advertised, IPv4 before IPv6`(text: String, address: String) throws {
        #expect(try host().vtep(try AdvertiseAddress(text)) == IPAddress(address))
    }

    @Test(arguments: [("no-such-device:2376", "no-such-device"), ("bare:2376", "bare"), ("lo:2376", "lo"), ("10.0.0.9:2376", "10.0.0.9")])
    func `names what it does not have`(text: String, offender: String) throws {
        let host = try host()
        let refusal = #expect(throws: DaemonError.self) { try host.vtep(try AdvertiseAddress(text)) }
        #expect(refusal?.message.contains(offender) == true)
    }

    @Test func `publishes the routes that are its own (lesson 26)`() throws {
        #expect(try host().routes.map(\.description) == ["10.6.0.0/16", "10.98.0.0/24", "172.16.0.0/12", "fd00::/64"])
    }

    private func record(_ vtep: String) throws -> NodeRecord {
        NodeRecord(
            id: try NodeID(String(repeating: "a", count: 64)), hostname: "rose", vtep: try IPAddress(vtep), advertise: "\(vtep):2376",
            epoch: Epoch(1), version: "1", kernelVersion: "6.1", operatingSystem: "Debian 12", underlayMTU: 1500,
            joined: Timestamp(nanoseconds: 0))
    }

    @Test(arguments: [
        ("eth0:2376", "10.98.0.200", "10.98.0.200"), ("eth0:2376", "10.98.0.7", "10.98.0.101"), ("eth1:2376", "fd00::9", "fd00::9"),
        ("eth1:2376", "fd00::8", "fd00::9"), ("10.98.0.200:2376", "10.98.0.200", "10.98.0.200"),
    ])
    func `keeps the address that it has, and its family (lesson 15)`(text: String, before: String, after: String) throws {
        let record = try host().update(of: record(before), advertising: AdvertiseAddress(text))
        #expect(record.vtep.description == after)
        #expect(try host().routes == record.hostRoutes)
    }

    @Test func `does not go over to another family by itself (lesson 15)`() throws {
        let refusal = #expect(throws: DaemonError.self) {
            try host().update(of: record("10.0.0.1"), advertising: AdvertiseAddress("six:2376"))
        }
        #expect(refusal?.message.contains("restart the worker to use fd00:6::1") == true)
    }
}
