public import Hummingbird

/// Docker's plugin protocol for the engine of one host: a network driver and an IPAM driver.
///
/// It keeps nothing between calls.
public struct DriverRoutes: Sendable {
    let networks: any NetworkDriverBackend
    let addresses: any IPAMDriverBackend
    let bound: CallBound

    /// - Parameters:
    ///   - limit: how long a call may take. The backend's own bounds should be shorter, since they know the cause.
    ///   - clock: what the limit is measured by.
    public init(
        networks: any NetworkDriverBackend, addresses: any IPAMDriverBackend, limit: Duration = .seconds(1),
        clock: any Clock<Duration>
    ) {
        self.networks = networks
        self.addresses = addresses
        bound = CallBound(limit: limit, clock: clock)
    }

    /// The router of the plugin's socket, which serves nothing else.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: PluginErrors())
        methods(of: "Plugin", on: router).answer("Activate", with: ActivationAnswer())
        addNetworkDriver(methods(of: "NetworkDriver", on: router))
        addIPAMDriver(methods(of: "IpamDriver", on: router))
        return router
    }

    private func methods(of interface: String, on router: Router<BasicRequestContext>) -> PluginMethods {
        PluginMethods(interface: interface, router: router, bound: bound)
    }
}
