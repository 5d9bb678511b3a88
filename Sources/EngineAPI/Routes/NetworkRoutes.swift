import FaceKit
import Hummingbird
import NetworkModel

extension EngineRoutes {
    func addNetworks(to group: RouterGroup<some RequestContext>) {
        group.get("networks") { request, _ in try Response.orderedJSON(try await list(request)) }
        // A network's name may hold slashes, or be "create", so what follows is taken apart here.
        group.get("networks/**") { request, _ in try Response.orderedJSON(try await inspect(request)) }
        group.delete("networks/**") { request, _ in try await remove(request) }
        group.post("networks/**") { request, _ in try await post(request) }
    }

    private func list(_ request: Request) async throws -> [NetworkResource] {
        let filters = try NetworkFilters(try Filters(try request.queryItem("filters")))
        let used = filters.isAboutUse ? try await backend.usedNetworks() : []
        return try await backend.networks().filter { filters.matches($0, isUsed: used.contains($0.id)) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { NetworkResource($0) }
    }

    private func post(_ request: Request) async throws -> Response {
        switch try NetworkPath(request.uri.path).network {
        case "create": try await create(request)
        case "prune": try Response.orderedJSON(try await prune(request))
        default: try await change(request)
        }
    }

    private func create(_ request: Request) async throws -> Response {
        let created = try await backend.createNetwork(try await request.json(NetworkCreateBody.self).creation())
        return try Response.orderedJSON(NetworkCreateAnswer(id: created.id.rawValue, warning: created.warning), status: .created)
    }

    private func inspect(_ request: Request) async throws -> NetworkResource {
        let path = try NetworkPath(request.uri.path)
        let detail = try await backend.network(matching: path.network, in: try scope(of: request, looking: path.network))
        return NetworkResource(detail, isVerbose: try request.queryFlag("verbose"))
    }

    /// Looked for among the networks of another system's scope, none is found.
    private func scope(of request: Request, looking network: String) throws(RequestFault) -> NetworkScope? {
        guard let text = try request.queryItem("scope")?.nonEmpty else { return nil }
        guard let scope = NetworkScope(rawValue: text) else { throw RequestFault(.notFound, "network \(network) not found") }
        return scope
    }

    private func remove(_ request: Request) async throws -> Response {
        let path = try NetworkPath(request.uri.path)
        guard !NetworkPath.predefined.contains(path.network) else {
            throw RequestFault(.forbidden, "\(path.network) is a pre-defined network and cannot be removed")
        }
        try await backend.removeNetwork(matching: path.network)
        return Response(status: .noContent)
    }

    private func change(_ request: Request) async throws -> Response {
        let path = try NetworkPath(request.uri.path, hasAction: true)
        switch path.action {
        case "connect":
            let body = try await request.json(NetworkConnectBody.self)
            let options = try (body.endpointConfig ?? EndpointSettings()).attachmentOptions()
            try await backend.connect(try container(body.container), to: path.network, with: options)
        case "disconnect":
            let body = try await request.json(NetworkDisconnectBody.self)
            try await backend.disconnect(try container(body.container), from: path.network, force: body.isForced ?? false)
        default: throw HTTPError(.notFound)
        }
        return Response(status: .ok)
    }

    private func container(_ name: String?) throws(RequestFault) -> String {
        guard let name = name?.nonEmpty else { throw RequestFault(.invalid, "invalid container name or ID: value is empty") }
        return name
    }

    private func prune(_ request: Request) async throws -> NetworkPruneAnswer {
        let filters = try PruneFilters(try Filters(try request.queryItem("filters")), now: await backend.info().time)
        let used = try await backend.usedNetworks()
        var deleted: [String] = []
        for network in try await backend.networks().sorted(by: { $0.name < $1.name })
        where !used.contains(network.id) && filters.matches(network) {
            do {
                try await backend.removeNetwork(matching: network.id.rawValue)
                deleted.append(network.name)
            } catch let fault as any Fault where [.forbidden, .notFound].contains(fault.kind) {
                // Somebody attached to it, or removed it, since it was looked at.
                continue
            }
        }
        return NetworkPruneAnswer(networksDeleted: deleted.isEmpty ? nil : deleted)
    }
}
