import DaemonKit
import KernelNetwork
import Logging
import NetworkModel
import ServiceLifecycle

/// Has the cluster told when this host's own network is another: the address that it advertises, the routes of its own, the MTU below its
/// VXLAN traffic (lesson 15).
actor UnderlayWatch: Service {
    private let kernel: any NetworkKernel
    private let advertise: AdvertiseAddress
    private let membership: Membership
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var lastFault: String?

    /// How long after the kernel's word the host is looked at: changes come in crowds, and containers make them by the dozen.
    private static let delay = Duration.milliseconds(500)
    private static let retryInterval = Duration.seconds(5)

    init(
        kernel: any NetworkKernel, advertise: AdvertiseAddress, membership: Membership, clock: any Clock<Duration>, logger: Logger
    ) {
        self.kernel = kernel
        self.advertise = advertise
        self.membership = membership
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Before the first look, so that no change falls in between.
                if let events = try? self.kernel.changes(in: .host) { await self.follow(events) }
                try? await self.clock.sleep(for: Self.retryInterval)
            }
        }
    }

    private func follow(_ events: AsyncStream<KernelEvent>) async {
        await look()
        for await _ in events {
            guard (try? await clock.sleep(for: Self.delay)) != nil else { return }
            await look()
        }
    }

    private func look() async {
        let (kernel, advertise, known) = (kernel, advertise, await membership.record)
        let found = await blocking {
            Result { () throws(any Error) -> NodeRecord in
                let record = try HostNetwork(kernel.dump(.host)).update(of: known, advertising: advertise)
                return record.with(underlayMTU: try kernel.underlayMTU(of: record.vtep))
            }
        }
        switch found {
        case .success(let record):
            lastFault = nil
            await membership.publish(record)
        case .failure(let error):
            // What is gone may come back, as when a lease of DHCP is renewed; what runs stays as it is until then.
            let fault = (error as? any Fault)?.message ?? "\(error)"
            if lastFault != fault { logger.warning("the host's network cannot be told to the cluster", metadata: ["cause": "\(fault)"]) }
            lastFault = fault
        }
    }
}
