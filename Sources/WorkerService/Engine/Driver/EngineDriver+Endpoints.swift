import ClusterCatalog
import DaemonKit
import Dataplane
import DesiredState
import DriverAPI
import Logging
import NetworkModel

extension EngineDriver {
    // MARK: Endpoints

    /// One transaction, which takes over what was reserved for the endpoint. The kernel's work begins, and joining waits for it.
    func createEndpoint(_ endpoint: EngineEndpoint) async throws -> EndpointChoices {
        let id = endpoint.reference.endpoint
        return try await limit.run("endpoint \(id.short)") { [self] in
            await removals.withdraw(id)
            let network = try await view.network(endpoint.reference.network)
            if let own = await view.global.mirror.ownEndpoint(id)?.record { return try Self.choices(of: own, on: network.record, endpoint) }
            let record = try await attach(endpoint, to: network)
            await addresses.endpointIsMade(record)
            return try Self.choices(of: record, on: network.record, endpoint)
        }
    }

    private func attach(_ endpoint: EngineEndpoint, to network: CatalogEntry<NetworkRecord>) async throws -> EndpointRecord {
        let id = endpoint.reference.endpoint
        let given = endpoint.addresses.map(\.address)
        let request = AttachRequest(
            endpoint: id, sandbox: try SandboxID(id.rawValue), kind: .engine, name: try EndpointName(id.short), interface: "",
            attachment: AttachmentOptions(addresses: given, mac: endpoint.mac, options: endpoint.options.driverOptions),
            reservations: await addresses.reservations(of: given, on: network.record.id))
        do {
            return try await changes.attach(request, to: network).record
        } catch {
            // The engine takes a fault for nothing done, and never speaks of the endpoint again.
            if !error.saysThatNothingWasDone { await removals.add(id, of: network.record.id) }
            throw error
        }
    }

    private static func choices(
        of record: EndpointRecord, on network: NetworkRecord, _ endpoint: EngineEndpoint
    ) throws(DaemonError) -> EndpointChoices {
        let given = endpoint.addresses.map(\.address)
        guard record.network == network.id, given.allSatisfy(record.addresses.contains) else {
            throw DaemonError(
                .conflict,
                "endpoint \(record.id.short) exists already, with \(record.addresses.map(\.description).joined(separator: ", "))")
        }
        let added = record.addresses.filter { address in !given.contains { $0.family == address.family } }
        return EndpointChoices(
            mac: record.mac,
            addresses: added.compactMap { address in network.subnet(of: address).map { InterfaceAddress(address, in: $0.pool) } })
    }

    func details(of reference: EndpointReference) async throws -> [String: String] {
        let endpoint = try await expectEndpoint(reference)
        let network = await view.global.mirror.view.networks.records[endpoint.network]?.record
        var details = [
            "name": endpoint.name.rawValue, "network": network?.name ?? endpoint.network.short, "mac": endpoint.mac.description,
            "device": KernelNames.engineDevice(of: endpoint.id),
            "addresses": endpoint.addresses.map(\.description).joined(separator: ", "),
        ]
        let ports = await view.journal.ports(of: endpoint.id)
        if !ports.isEmpty { details["ports"] = ports.map(\.summary).joined(separator: ", ") }
        return details
    }

    /// Succeeds also with the store away: the engine has no container for it any more, and the record follows as soon as it can.
    func deleteEndpoint(_ reference: EndpointReference) async throws {
        await ports.takeBack(reference.endpoint)
        await forgetNameRoute(of: reference.endpoint)
        await removals.remove(reference.endpoint)
    }

    // MARK: Sandboxes

    func join(_ joining: SandboxJoining) async throws -> JoinedInterface {
        let id = joining.endpoint.endpoint
        return try await limit.run("joining endpoint \(id.short)") { [self] in
            let endpoint = try await expectEndpoint(joining.endpoint)
            guard let network = try await view.network(endpoint.network)?.record else {
                throw DaemonError(.notFound, "network \(endpoint.network.short) of endpoint \(id.short) was removed")
            }
            try await dataplane.settle(endpoint: id)
            let routes = Self.routes(to: network, from: endpoint) + (try await routeToNames(of: endpoint, in: joining.sandboxPath))
            return JoinedInterface(
                device: KernelNames.engineDevice(of: id), gateways: network.isInternal ? [] : Self.gateways(of: endpoint, on: network),
                routes: routes)
        }
    }

    private static func gateways(of endpoint: EndpointRecord, on network: NetworkRecord) -> [IPAddress] {
        endpoint.addresses.compactMap { network.subnet(of: $0)?.gateway }
    }

    /// The network's other subnets are behind the gateway, also when a container's default route leads elsewhere.
    private static func routes(to network: NetworkRecord, from endpoint: EndpointRecord) -> [JoinedInterface.Route] {
        gateways(of: endpoint, on: network).flatMap { gateway in
            network.subnets.filter { $0.pool.family == gateway.family && !$0.pool.contains(gateway) }
                .map { JoinedInterface.Route(to: $0.pool, nextHop: gateway) }
        }
    }

    /// A container has a route of its own to where names are asked for: nothing leads out of an internal network, and its default route may
    /// lead through a network of the engine's own, to the host, where no network's names are known.
    private func routeToNames(of endpoint: EndpointRecord, in sandbox: String) async throws -> [JoinedInterface.Route] {
        guard endpoint.address(.v4) != nil else { return [] }
        return [try await nameRoutes.take(for: endpoint.id, in: sandbox)].compactMap(\.self).map { JoinedInterface.Route(to: $0) }
    }

    func leave(_ reference: EndpointReference) async throws {
        await forgetNameRoute(of: reference.endpoint)
    }

    private func forgetNameRoute(of endpoint: EndpointID) async {
        do {
            try await nameRoutes.forget(endpoint)
        } catch {
            logger.warning("cannot note that an endpoint left its container", metadata: ["cause": "\(error)"])
        }
    }
}

extension PortForwarding {
    /// As in `docker ps`: `0.0.0.0:8080->80/tcp`.
    var summary: String {
        "\(hostAddress.map { "\($0):" } ?? "")\(hostPort)->\(port.number)/\(port.transport)"
    }
}
