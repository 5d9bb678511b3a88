import FaceKit
import NetworkModel

extension DriverRoutes {
    func addNetworkDriver(_ methods: PluginMethods) {
        methods.answer("GetCapabilities", with: DriverScope())
        addNetworks(methods)
        addEndpoints(methods)
        addSandboxes(methods)
        addUnaskedFor(methods)
    }

    private func addNetworks(_ methods: PluginMethods) {
        methods.perform("CreateNetwork") { (body: CreateNetworkBody) in try await networks.createNetwork(body.network) }
        methods.perform("DeleteNetwork") { (body: NetworkBody) in try await networks.deleteNetwork(body.networkID) }
    }

    private func addEndpoints(_ methods: PluginMethods) {
        methods.answer("CreateEndpoint") { (body: CreateEndpointBody) in
            let endpoint = try body.endpoint()
            return CreateEndpointAnswer(try await networks.createEndpoint(endpoint), for: endpoint)
        }
        methods.answer("EndpointOperInfo") { (body: EndpointBody) in
            EndpointDetailsAnswer(value: try await networks.details(of: body.reference))
        }
        methods.perform("DeleteEndpoint") { (body: EndpointBody) in try await networks.deleteEndpoint(body.reference) }
    }

    private func addSandboxes(_ methods: PluginMethods) {
        methods.answer("Join") { (body: JoinBody) in JoinAnswer(try await networks.join(try body.joining())) }
        methods.perform("Leave") { (body: EndpointBody) in try await networks.leave(body.reference) }
        methods.perform("ProgramExternalConnectivity") { (body: PublicationBody) in
            try await networks.publish(try body.options?.options() ?? EndpointOptions(), of: body.target.reference)
        }
        methods.perform("RevokeExternalConnectivity") { (body: EndpointBody) in try await networks.unpublish(body.reference) }
    }

    /// What is answered without asking anybody.
    private func addUnaskedFor(_ methods: PluginMethods) {
        // Other nodes are known from the cluster store, whatever an engine finds.
        methods.answer("DiscoverNew", with: EmptyAnswer())
        methods.answer("DiscoverDelete", with: EmptyAnswer())
        // Managers of a swarm ask it of drivers of scope `global` only.
        methods.perform("AllocateNetwork") { (_: NetworkBody) in
            throw RequestFault(
                .unsupported, "networks of a swarm are not supported: create the network on an engine, without --scope swarm")
        }
        methods.answer("FreeNetwork", with: EmptyAnswer())
    }
}
