import DaemonKit
import DriverAPI
import Foundation
import Glibc
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import WorkerService

@Suite(.serialized) struct `Ports of the host` {
    private static let loopback = IPAddress(127, 0, 0, 1)
    private let one: EndpointID
    private let other: EndpointID

    init() throws {
        one = try EndpointID(String(repeating: "1", count: 64))
        other = try EndpointID(String(repeating: "2", count: 64))
    }

    private func wanted(
        _ number: UInt16, at address: IPAddress? = loopback, _ transport: TransportProtocol = .tcp
    ) -> PublishedPort {
        PublishedPort(TransportPort(transport, 80), hostAddress: address, hostPorts: number...number)
    }

    /// Below those that the kernel gives out by itself (ip_local_port_range of ip(7)), so that nobody gets one of them by chance.
    private static let numbers = Atomic<UInt16>(21_000)

    /// The first of some ports that nobody has at any address.
    private func free(_ count: UInt16 = 1) -> UInt16 { Self.numbers.add(count, ordering: .relaxed).oldValue }

    private func refusal(_ ports: HostPorts, _ wanted: [PublishedPort], for endpoint: EndpointID) async -> String? {
        do {
            _ = try await ports.take(wanted, for: endpoint)
            return nil
        } catch {
            return error.message
        }
    }

    /// Binds, and listens if it is TCP, as a server does.
    private func serve(_ kind: Int32, port: UInt16) -> (descriptor: Int32, isServing: Bool) {
        let descriptor = socket(AF_INET, kind, 0)
        var on: Int32 = 1
        if kind == Int32(SOCK_STREAM.rawValue) { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, 16) == 0 }
        }
        return (descriptor, isBound && (kind != Int32(SOCK_STREAM.rawValue) || listen(descriptor, 1) == 0))
    }

    private static let kinds: [(TransportProtocol, Int32)] = [
        (.tcp, Int32(SOCK_STREAM.rawValue)), (.udp, Int32(SOCK_DGRAM.rawValue)),
    ]

    @Test(arguments: 0..<2, [true, false])
    func `are taken as asked for, and no other program gets them until they are released`(kind: Int, isForAll: Bool) async throws {
        let (transport, type) = Self.kinds[kind]
        let (ports, number) = (HostPorts(), free())
        let address = isForAll ? nil : Self.loopback
        let taken = try await ports.take([wanted(number, at: address, transport)], for: one)
        #expect(taken == [PortForwarding(hostAddress: address, hostPort: number, to: TransportPort(transport, 80))])
        let refused = serve(type, port: number)
        #expect(!refused.isServing)
        close(refused.descriptor)
        await ports.release(one)
        let server = serve(type, port: number)
        #expect(server.isServing)
        close(server.descriptor)
    }

    @Test(arguments: 0..<2) func `that another program has are refused, in Docker's words`(kind: Int) async throws {
        let (transport, type) = Self.kinds[kind]
        let number = free()
        let server = serve(type, port: number)
        #expect(server.isServing)
        defer { close(server.descriptor) }
        let ports = HostPorts()
        #expect(
            await refusal(ports, [wanted(number, transport)], for: one) == "Bind for 127.0.0.1:\(number) failed: address already in use")
        #expect(
            await refusal(ports, [wanted(number, at: nil, transport)], for: one)
                == "Bind for 0.0.0.0:\(number) failed: address already in use")
    }

    @Test func `that another endpoint has are refused with its name`() async throws {
        let (ports, number) = (HostPorts(), free())
        _ = try await ports.take([wanted(number)], for: one)
        let words = "port is already allocated to endpoint 111111111111"
        #expect(await refusal(ports, [wanted(number)], for: other) == "Bind for 127.0.0.1:\(number) failed: \(words)")
        #expect(await refusal(ports, [wanted(number, at: nil)], for: other) == "Bind for 0.0.0.0:\(number) failed: \(words)")
        #expect(await refusal(ports, [wanted(number, .udp)], for: other) == nil)
        #expect(await refusal(ports, [wanted(number), wanted(number)], for: one) == "Bind for 127.0.0.1:\(number) failed: \(words)")
        #expect(await ports.ports(of: one).count == 1)
    }

    @Test func `of a protocol that the kernel lacks are held among ourselves`() async throws {
        let (ports, number) = (HostPorts(), free())
        _ = try await ports.take([wanted(number, at: nil, .sctp)], for: one)
        #expect(await refusal(ports, [wanted(number, .sctp)], for: other)?.contains("already allocated to endpoint 111111111111") == true)
    }

    @Test func `are taken all or none`() async throws {
        let (ports, number) = (HostPorts(), free())
        let server = serve(Self.kinds[0].1, port: number)
        defer { close(server.descriptor) }
        let first = free()
        #expect(await refusal(ports, [wanted(first), wanted(number)], for: one) != nil)
        #expect(await ports.ports(of: one) == [])
        _ = try await ports.take([wanted(first)], for: other)
        // What it had stays when it is refused more.
        #expect(await refusal(ports, [wanted(first), wanted(number)], for: other) != nil)
        #expect(await refusal(ports, [wanted(first)], for: one)?.contains("222222222222") == true)
    }

    @Test func `asked for again are the same, and others replace them`() async throws {
        let ports = HostPorts()
        let any = PublishedPort(TransportPort(.tcp, 80), hostAddress: Self.loopback)
        let first = try await ports.take([any], for: one)
        #expect(try await ports.take([any], for: one) == first)
        let number = try #require(first.first?.hostPort)
        #expect(try await ports.take([wanted(number)], for: one) == first)
        let second = free()
        #expect(try await ports.take([wanted(second)], for: one).map(\.hostPort) == [second])
        #expect(try await ports.take([wanted(number)], for: other).map(\.hostPort) == [number])
    }

    @Test func `of a range are the first that is free`() async throws {
        let (ports, start) = (HostPorts(), free(21))
        let range = PublishedPort(TransportPort(.udp, 80), hostAddress: Self.loopback, hostPorts: start...start + 20)
        let one = try await ports.take([range], for: one)
        let other = try await ports.take([range], for: other)
        let (low, high) = (try #require(one.first?.hostPort), try #require(other.first?.hostPort))
        #expect((start...start + 20).contains(low) && low < high && high <= start + 20)
    }

    @Test func `that a user leaves to us come from the kernel's range one after the other, until there are none`() async throws {
        let start = free(3)
        let ports = HostPorts(ephemeral: start...start + 2)
        let any = PublishedPort(TransportPort(.sctp, 80), hostAddress: IPAddress(127, 9, 9, 9))
        #expect(try await ports.take([any], for: one).map(\.hostPort) == [start])
        await ports.release(one)
        #expect(try await ports.take([any, any], for: one).map(\.hostPort) == [start + 1, start + 2])
        #expect(try await ports.take([any], for: other).map(\.hostPort) == [start])
        let third = try EndpointID(String(repeating: "3", count: 64))
        #expect(
            await refusal(ports, [any], for: third)?.hasPrefix("Bind for 127.9.9.9:\(start)-\(start + 2) failed: all ports are allocated")
                == true)
        #expect(EphemeralPorts.ofHost.count > 1000)
    }

    @Test func `of an earlier life are held again, also those that somebody took meanwhile`() async throws {
        let (ports, numbers) = (HostPorts(), [free(), free()])
        let server = serve(Self.kinds[0].1, port: numbers[1])
        defer { close(server.descriptor) }
        let earlier = numbers.map { PortForwarding(hostAddress: Self.loopback, hostPort: $0, to: TransportPort(.tcp, 80)) }
        await ports.retake(earlier, for: one)
        #expect(await ports.ports(of: one) == earlier)
        for number in numbers {
            #expect(await refusal(ports, [wanted(number)], for: other)?.contains("already allocated to endpoint 111111111111") == true)
        }
        let refused = serve(Self.kinds[0].1, port: numbers[0])
        #expect(!refused.isServing)
        close(refused.descriptor)
        #expect(try await ports.take(numbers.prefix(1).map { wanted($0) }, for: one) == [earlier[0]])
    }

    @Test func `by UDP swallow nothing: who sends there before the rules are there is refused`() async throws {
        let (ports, number) = (HostPorts(), free())
        _ = try await ports.take([wanted(number, at: nil, .udp)], for: one)
        let client = try Self.connected(to: number)
        defer { close(client) }
        #expect(send(client, "x", 1, 0) == 1)
        var byte: UInt8 = 0
        #expect(recv(client, &byte, 1, 0) == -1 && errno == ECONNREFUSED)
    }

    /// A UDP client that waits 5 s at most.
    private static func connected(to port: UInt16) throws -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var bound = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &bound, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, 16) }
        }
        #expect(status == 0)
        return client
    }
}
