import DaemonKit
import DriverAPI
import Logging
import NetworkModel

/// The ports of this host that endpoints have published. Each is held by a socket that is bound and never asked anything, so that another
/// program that wants the port is refused, and we are while another program has it; what is sent there is translated before it is
/// delivered.
actor HostPorts {
    private struct Holding {
        var wanted: [PublishedPort]
        var forwardings: [PortForwarding]
        var places: Set<Place>
    }

    /// One port at one of the host's addresses, or at all of a family (the unspecified one).
    private struct Place: Hashable {
        let transport: TransportProtocol
        let address: IPAddress
        let port: UInt16

        /// Whether only one of them can be held: one address includes the other.
        func excludes(_ other: Place) -> Bool {
            transport == other.transport && port == other.port && address.family == other.address.family
                && (address == other.address || address.isUnspecified || other.address.isUnspecified)
        }
    }

    private var holdings: [EndpointID: Holding] = [:]
    private var sockets: [Place: HeldPort] = [:]
    private let ephemeral: ClosedRange<UInt16>
    /// Where the search for a port that is free goes on: one that was just given back is not taken again at once.
    private var next: UInt16
    private let logger: Logger

    /// - Parameter ephemeral: what a port is taken from that a user left to us; nil for the host's `net.ipv4.ip_local_port_range`, as
    ///   Docker does.
    init(ephemeral: ClosedRange<UInt16>? = nil, logger: Logger = Logger(label: "skein-worker") { _ in SwiftLogNoOpLogHandler() }) {
        self.ephemeral = ephemeral ?? EphemeralPorts.ofHost
        next = self.ephemeral.lowerBound
        self.logger = logger
    }

    /// Takes a port of the host for each port that an endpoint publishes, or none at all; in place of those that it had. The same ones
    /// asked for again are given again.
    /// - Throws: ``DaemonKit/DaemonError`` of the kind `conflict`, with Docker's words.
    func take(_ wanted: [PublishedPort], for endpoint: EndpointID) throws(DaemonError) -> [PortForwarding] {
        if let holding = holdings[endpoint], holding.wanted == wanted { return holding.forwardings }
        let own = holdings[endpoint]?.places ?? []
        var new = Holding(wanted: wanted, forwardings: [], places: [])
        do throws(DaemonError) {
            for port in wanted { try take(port, for: endpoint, into: &new, reusing: own) }
        } catch {
            release(new.places.subtracting(own))
            throw error
        }
        release(own.subtracting(new.places))
        holdings[endpoint] = new.places.isEmpty ? nil : new
        return new.forwardings
    }

    /// Takes again what an earlier life of this worker gave an endpoint: it is in use, so nothing is refused.
    func retake(_ forwardings: [PortForwarding], for endpoint: EndpointID) {
        release(endpoint)
        var holding = Holding(wanted: [], forwardings: forwardings, places: [])
        for forwarding in forwardings {
            holding.wanted.append(
                PublishedPort(
                    forwarding.port, hostAddress: forwarding.hostAddress, hostPorts: forwarding.hostPort...forwarding.hostPort))
            for place in Self.places(forwarding) where !holding.places.contains(place) {
                holding.places.insert(place)
                do throws(DaemonError) {
                    try hold(place)
                } catch {
                    logger.warning(
                        "a published port is in use by another program: stop that, or the container",
                        metadata: ["endpoint": "\(endpoint.short)", "cause": "\(error.message)"])
                }
            }
        }
        holdings[endpoint] = forwardings.isEmpty ? nil : holding
    }

    /// Lets go of an endpoint's ports, if it has any.
    func release(_ endpoint: EndpointID) {
        if let holding = holdings.removeValue(forKey: endpoint) { release(holding.places) }
    }

    /// What an endpoint has.
    func ports(of endpoint: EndpointID) -> [PortForwarding] { holdings[endpoint]?.forwardings ?? [] }

    private func release(_ places: Set<Place>) {
        for place in places { sockets[place] = nil }
    }

    // MARK: One port

    private func take(
        _ wanted: PublishedPort, for endpoint: EndpointID, into holding: inout Holding, reusing own: Set<Place>
    ) throws(DaemonError) {
        var refusal: DaemonError?
        for number in candidates(wanted) {
            let forwarding = PortForwarding(hostAddress: wanted.hostAddress, hostPort: number, to: wanted.port)
            do throws(DaemonError) {
                holding.places.formUnion(try hold(forwarding, for: endpoint, beside: holding.places, reusing: own))
                holding.forwardings.append(forwarding)
                if wanted.hostPorts == nil { next = number == ephemeral.upperBound ? ephemeral.lowerBound : number + 1 }
                return
            } catch {
                refusal = refusal ?? error
            }
        }
        guard let refusal, wanted.hostPorts.map({ $0.count == 1 }) ?? false else {
            let range = wanted.hostPorts ?? ephemeral
            let address = Self.text(wanted.hostAddress)
            throw DaemonError(
                .exhausted,
                "Bind for \(address):\(range.lowerBound)-\(range.upperBound) failed: all ports are allocated, the first because: "
                    + (refusal?.message ?? "there is none"))
        }
        throw refusal
    }

    private func candidates(_ wanted: PublishedPort) -> [UInt16] {
        if let range = wanted.hostPorts { return Array(range) }
        return Array(next...ephemeral.upperBound) + Array(ephemeral.lowerBound..<next)
    }

    /// Holds a port in all families that it is for, or in none.
    private func hold(
        _ forwarding: PortForwarding, for endpoint: EndpointID, beside taken: Set<Place>, reusing own: Set<Place>
    ) throws(DaemonError) -> Set<Place> {
        var held: Set<Place> = []
        do throws(DaemonError) {
            for place in Self.places(forwarding) {
                if let holder = holder(of: place, for: endpoint, beside: taken) { throw Self.refusal(of: place, allocatedTo: holder) }
                if !own.contains(place) { try hold(place) }
                held.insert(place)
            }
        } catch {
            release(held.subtracting(own))
            throw error
        }
        return held
    }

    private func hold(_ place: Place) throws(DaemonError) {
        switch HeldPort.hold(place.transport, place.address, port: place.port) {
        case .held(let socket): sockets[place] = socket
        case .impossible: return
        case .refused(let reason): throw DaemonError(.conflict, "\(Self.failure(of: place)): \(reason)")
        }
    }

    /// Who of ours has a port: at the same address, or at one that includes or is included by it.
    private func holder(of place: Place, for endpoint: EndpointID, beside taken: Set<Place>) -> EndpointID? {
        if taken.contains(where: place.excludes) { return endpoint }
        return holdings.first { id, holding in id != endpoint && holding.places.contains(where: place.excludes) }?.key
    }

    private static func places(_ forwarding: PortForwarding) -> [Place] {
        let addresses = forwarding.hostAddress.map { [$0] } ?? IPFamily.allCases.map { IPAddress(family: $0, bits: 0) }
        return addresses.map { Place(transport: forwarding.port.transport, address: $0, port: forwarding.hostPort) }
    }

    // MARK: Words

    /// As Docker begins it, and scripts look for it.
    private static func failure(of place: Place) -> String { "Bind for \(text(place.address)):\(place.port) failed" }

    private static func refusal(of place: Place, allocatedTo holder: EndpointID) -> DaemonError {
        DaemonError(.conflict, "\(failure(of: place)): port is already allocated to endpoint \(holder.short)")
    }

    private static func text(_ address: IPAddress?) -> String {
        guard let address else { return "0.0.0.0" }
        return address.family == .v4 ? "\(address)" : "[\(address)]"
    }
}
