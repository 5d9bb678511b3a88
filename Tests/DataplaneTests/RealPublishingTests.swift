import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

/// In the suite of those that share the host.
extension `On the real kernel` {
    @Suite struct `published ports` {
        private let host: RealHost
        private let talk: Conversation

        init() throws {
            host = try RealHost()
            talk = Conversation(host.kernel)
            // Another host, without a way back to any network; the host has 198.51.100.2 and 2001:db8::2 toward it, and 10.97.0.1 besides.
            let made = try host.run(
                """
                ip netns del outside 2>/dev/null; ip link del out0 2>/dev/null; ip addr replace 10.97.0.1/32 dev lo
                ip netns add outside && ip link add out0 type veth peer name eth0 netns outside && ip addr add 198.51.100.2/24 dev out0 &&
                ip addr add 2001:db8::2/64 dev out0 nodad && ip link set out0 up && ip -n outside addr add 198.51.100.1/24 dev eth0 &&
                ip -n outside addr add 2001:db8::1/64 dev eth0 nodad && ip -n outside link set eth0 up && ip -n outside link set lo up &&
                ip -n outside route add default via 198.51.100.2
                """)
            #expect(made.status == 0, "\(made.output)")
        }

        /// Boxes 1 and 2 on network `1`, box 3 on the local network `3` alone; each answers at port 80.
        private func garden() throws -> [ViewChange] {
            try Fixture.garden() + [Fixture.sandbox("3"), Fixture.endpoint("31", on: "3", at: ["172.18.0.3"], sandbox: "3")]
        }

        private func gone() throws -> [ViewChange] { try Fixture.gone() + [Fixture.endpointGone("31", on: "3"), Fixture.sandboxGone("3")] }

        private static let v4 = IPAddress(0, 0, 0, 0)
        private static let v6 = IPAddress(family: .v6, bits: 0)

        private func serve() throws {
            for number in 1...3 {
                try talk.serve("box\(number)", at: Self.v4, port: 80, in: "sk-box\(number)")
            }
            for number in 1...2 { try talk.serve("box\(number)", at: Self.v6, port: 80, in: "sk-box\(number)") }
        }

        private func both(_ hostPort: UInt16, at address: String? = nil) throws -> [PortForwarding] {
            try [TransportProtocol.tcp, .udp].map {
                PortForwarding(hostAddress: try address.map { try IPAddress($0) }, hostPort: hostPort, to: TransportPort($0, 80))
            }
        }

        private func plane(_ ports: [(String, [PortForwarding])]) async throws -> Dataplane {
            let plane = try host.plane()
            for (endpoint, ports) in ports { await plane.publish(ports, of: try Fixture.id(endpoint)) }
            await plane.start(with: try garden())
            try await host.settle(plane)
            try serve()
            return plane
        }

        private func leave(_ plane: Dataplane) async throws {
            await plane.update(try gone())
            try await host.settle(plane)
            #expect(try host.kernel.rules(in: .host) == nil)
            try host.run("ip netns del outside; ip link del out0; ip addr del 10.97.0.1/32 dev lo")
        }

        private func expect(
            _ answer: String, from client: String?, to address: String, port: UInt16 = 8080,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            for kind in [SocketKind.stream, .datagram] {
                let bound = answer.isEmpty ? Conversation.bound : Conversation.patience
                let told = try talk.ask(kind, address, port: port, from: client, within: bound).text
                #expect(told == answer, "\(kind) to \(address) from \(client ?? "the host")", sourceLocation: sourceLocation)
            }
        }

        private static let outside = "outside"

        @Test func `are reached from another host, whose own address the container sees`() async throws {
            let plane = try await plane([("10", try both(8080))])
            try expect("box1 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2")
            try expect("box1 sees 2001:db8::1", from: Self.outside, to: "2001:db8::2")
            try expect("", from: Self.outside, to: "198.51.100.2", port: 80)
            try await leave(plane)
        }

        @Test func `are reached from the host by its addresses and by the loopback`() async throws {
            let plane = try await plane([("10", try both(8080))])
            try expect("box1 sees 10.97.0.1", from: nil, to: "10.97.0.1")
            try expect("box1 sees 198.51.100.2", from: nil, to: "198.51.100.2")
            try expect("box1 sees 2001:db8::2", from: nil, to: "2001:db8::2")
            let link = try #require(try host.run("ip -4 -o addr show dev sk111111111111").output.split(separator: " ").dropFirst(3).first)
            try expect("box1 sees \(link.prefix { $0 != "/" })", from: nil, to: "127.0.0.1")
            try expect("box1 sees \(link.prefix { $0 != "/" })", from: nil, to: "127.0.1.9")
            // Refused, not swallowed: the client goes on to 127.0.0.1.
            #expect(try talk.ask(.stream, "::1", port: 8080, from: nil, within: Conversation.patience) == Answer(isSwallowed: false))
            try await leave(plane)
        }

        @Test func `are reached from containers by the host's address: of the same network, of another, and the same one`() async throws {
            let plane = try await plane([("10", try both(8080)), ("31", try both(9090))])
            let uplinks = try ["sk111111111111", "sk333333333333"].map { device in
                try host.run("ip -4 -o addr show dev \(device)").output.split(separator: " ").dropFirst(3).first?.prefix { $0 != "/" } ?? ""
            }
            for box in ["sk-box1", "sk-box2", "sk-box3"] {
                try expect("box1 sees \(uplinks[0])", from: box, to: "10.97.0.1")
                try expect("box3 sees \(uplinks[1])", from: box, to: "198.51.100.2", port: 9090)
            }
            try expectReply("box1 sees fd73:", from: "sk-box2", to: "2001:db8::2")
            try await leave(plane)
        }

        @Test func `open no other way from one network to another`() async throws {
            let plane = try await plane([("10", try both(8080))])
            let link = try #require(
                try host.run("ip -n skein-111111111111 -4 -o addr show dev uplink0").output.split(separator: " ").dropFirst(3).first)
            let inside = String(link.prefix { $0 != "/" })
            try expect("", from: "sk-box3", to: inside)
            try expect("", from: "sk-box3", to: "10.0.1.2", port: 80)
            // Somebody beside the host who knows its uplinks, and one who sends it loopback addresses.
            try expect("", from: Self.outside, to: inside)
            try expect("", from: Self.outside, to: "10.0.1.2", port: 80)
            try expect("box1 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2")
            try await leave(plane)
        }

        @Test func `of one host address only are at that, and lead where that one says`() async throws {
            let plane = try await plane([
                ("10", try both(8080, at: "127.0.0.1") + both(7070, at: "0.0.0.0")),
                ("11", try both(8080, at: "198.51.100.2") + both(6060, at: "::")), ("31", try both(8080, at: "10.97.0.1")),
            ])
            try expectReply("box1 sees 169.254.", from: nil, to: "127.0.0.1")
            try expect("box2 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2")
            try expect("box3 sees 198.51.100.1", from: Self.outside, to: "10.97.0.1")
            try expect("", from: Self.outside, to: "2001:db8::2")
            try expect("box1 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2", port: 7070)
            try expect("", from: Self.outside, to: "2001:db8::2", port: 7070)
            try expect("", from: Self.outside, to: "198.51.100.2", port: 6060)
            try expect("box2 sees 2001:db8::1", from: Self.outside, to: "2001:db8::2", port: 6060)
            try await leave(plane)
        }

        /// As Docker 20.10 to 28 leave a host with a container that has a port published.
        private static let docker = """
            table ip nat {
              chain DOCKER { iifname "docker0" counter return; iifname != "docker0" tcp dport 5000 counter dnat to 172.17.0.2:5000; }
              chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
              chain OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local counter jump DOCKER; }
              chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; oifname != "docker0" ip saddr 172.17.0.0/16 counter masquerade; }
            }
            table ip filter {
              chain DOCKER-USER { counter return; }
              chain FORWARD { type filter hook forward priority filter; policy drop; counter jump DOCKER-USER; iifname "docker0" counter accept; }
            }
            table ip6 filter { chain FORWARD { type filter hook forward priority filter; policy drop; }; }
            """

        @Test func `are reached where Docker has its own rules, loaded before or after`() async throws {
            #expect(try host.run("nft '\(Self.docker)'").status == 0)
            let plane = try await plane([("10", try both(8080))])
            for _ in 0..<2 {
                try expect("box1 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2")
                try expect("box1 sees 2001:db8::1", from: Self.outside, to: "2001:db8::2")
                try expect("box1 sees 10.97.0.1", from: nil, to: "10.97.0.1")
                try expectReply("box1 sees 169.254.", from: nil, to: "127.0.0.1")
                try expectReply("box1 sees 169.254.", from: "sk-box3", to: "10.97.0.1")
                let made = try host.run("nft flush ruleset && nft '\(Self.docker)'")
                #expect(made.status == 0, "\(made.output)")
                await plane.look()
                try await host.settle(plane)
            }
            try host.run("nft 'delete table ip nat; delete table ip filter; delete table ip6 filter'")
            try await leave(plane)
        }

        @Test func `are closed when they are taken back, and others stay`() async throws {
            let plane = try await plane([("10", try both(8080)), ("11", try both(9090))])
            await plane.publish([], of: try Fixture.id("10"))
            try await host.settle(plane)
            try expect("", from: Self.outside, to: "198.51.100.2")
            try expect("box2 sees 198.51.100.1", from: Self.outside, to: "198.51.100.2", port: 9090)
            await plane.publish([], of: try Fixture.id("11"))
            try await host.settle(plane)
            #expect(try host.kernel.rules(in: .host)?.translations == [:])
            #expect(try host.kernel.rules(in: .named("skein-111111111111")) == PacketRules(masqueradeOut: ["uplink0"]))
            try await leave(plane)
        }

        /// moby#8795 and its kin: the client's one connection, as the kernel sees it, began before.
        @Test func `are reached by a UDP client that does not pause, through all that changes`() async throws {
            let plane = try await plane([])
            for endpoint in ["", "10", "11", "", "31"] {
                for (other, ports) in ["10", "11", "31"].map({ ($0, $0 == endpoint) }) {
                    await plane.publish(ports ? try both(8080) : [], of: try Fixture.id(other))
                }
                try await host.settle(plane)
                let box = ["10": "box1 sees 198.51.100.1", "11": "box2 sees 198.51.100.1", "31": "box3 sees 198.51.100.1"][endpoint] ?? ""
                let bound = box.isEmpty ? Conversation.bound : Conversation.patience
                #expect(try talk.ask(IPAddress(198, 51, 100, 2), port: 8080, from: Self.outside, by: 5000, within: bound) == box)
            }
            try await leave(plane)
        }

        @Test func `end an established connection when they are taken back, and no other`() async throws {
            let plane = try await plane([("10", try both(8080)), ("11", try both(9090))])
            let (kept, cut) = (
                try talk.hold("198.51.100.2", port: 9090, from: Self.outside), try talk.hold("198.51.100.2", port: 8080, from: Self.outside)
            )
            #expect(talk.isAlive(kept) && talk.isAlive(cut))
            await plane.publish([], of: try Fixture.id("10"))
            try await host.settle(plane)
            #expect(talk.isAlive(kept))
            #expect(!talk.isAlive(cut, within: Conversation.bound))
            try await leave(plane)
        }

        @Test func `are there again after a flush (lesson 24)`() async throws {
            #expect(DataplaneOptions().rulesInterval <= .seconds(5))
            let plane = try host.plane(DataplaneOptions(linger: .zero))
            await plane.publish(try both(8080), of: try Fixture.id("10"))
            await plane.start(with: try garden())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await plane.run() }
                try await plane.settle(endpoint: try Fixture.id("10"))
                try serve()
                for place in [nil, "skein-111111111111"] {
                    try await eventually("nothing is under way") { await plane.isQuiet }
                    let writes = host.kernel.writes
                    // That the port is closed now cannot be asked: the plane looks at the rules at its own times.
                    try host.run("nft flush ruleset", in: place)
                    try await eventually("the rules are written again") { host.kernel.writes > writes }
                    try await eventually("the port is published") {
                        try talk.ask(.stream, "198.51.100.2", port: 8080, from: Self.outside).text == "box1 sees 198.51.100.1"
                    }
                }
                group.cancelAll()
            }
            try await leave(try await host.settled(try garden()))
        }

        @Test func `stay over a start, and nothing is written (lesson 25)`() async throws {
            let ports = [("10", try both(8080)), ("31", try both(8080, at: "127.0.0.1"))]
            _ = try await plane(ports)
            let writes = host.kernel.writes
            let again = try host.plane()
            for (endpoint, ports) in ports { await again.publish(ports.reversed(), of: try Fixture.id(endpoint)) }
            await again.start(with: try garden())
            try await host.settle(again)
            await again.publish(ports[0].1, of: try Fixture.id("10"))
            try await host.settle(again)
            #expect(host.kernel.writes == writes)
            try await leave(again)
        }

        private func expectReply(
            _ start: String, from client: String?, to address: String, port: UInt16 = 8080,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            for kind in [SocketKind.stream, .datagram] {
                let told = try talk.ask(kind, address, port: port, from: client, within: Conversation.patience).text
                #expect(
                    told.hasPrefix(start), "\(kind) to \(address) from \(client ?? "the host"): \(told)", sourceLocation: sourceLocation)
            }
        }
    }
}
