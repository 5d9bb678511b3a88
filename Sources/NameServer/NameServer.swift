public import Logging
import NIOCore
import NIOPosix
import NameZone
public import NetworkModel

/// The DNS server of a node: one for all networks, each with sockets of its own in its own namespace, and for the host.
///
/// Sites may be served before ``run()`` is called; what is asked until then waits in the sockets.
public final class NameServer: Sendable {
    private let zone: SharedZone
    private let options: NameServerOptions
    private let group: any EventLoopGroup
    private let datagrams: DatagramLoop
    private let forwarder: Forwarder
    private let streams = StreamChannels()
    private let logger: Logger

    /// - Parameters:
    ///   - node: the node whose sandboxes ask.
    ///   - resolvers: whom foreign questions are asked of, through sockets of the process's own namespace.
    public init(
        node: NodeID, resolvers: any ResolverSource, clock: any Clock<Duration>, randomness: any Randomness,
        options: NameServerOptions = NameServerOptions(), logger: Logger
    ) throws(NameServerError) {
        let zone = SharedZone(node: node)
        let group = MultiThreadedEventLoopGroup.singleton
        let race = Race(
            upstreams: SocketUpstreams(group: group, connectTimeout: TimeAmount(options.forwardingDeadline)), clock: clock,
            randomness: randomness, stagger: options.stagger, deadline: options.forwardingDeadline)
        let forwarder = Forwarder(race: race, resolvers: resolvers, limit: options.forwardingLimit)
        self.zone = zone
        self.options = options
        self.group = group
        self.forwarder = forwarder
        self.logger = logger
        datagrams = try DatagramLoop(zone: zone, timeToLive: options.timeToLive) { forwarder.submit($0) }
    }

    /// Takes changes of the view; the next question is answered from them. All of one call take effect at once.
    public func apply(_ changes: [ViewChange]) {
        zone.update { $0.apply(changes) }
    }

    /// Says whether all endpoints of a network have been read. Until then a name that is not found gets SERVFAIL.
    public func setInSync(_ isInSync: Bool, _ network: NetworkID) {
        zone.update { $0.setInSync(isInSync, network) }
    }

    /// Answers on sockets that are bound in a site's namespace. A site may have several pairs, one an address.
    ///
    /// - Parameters:
    ///   - address: what the sockets are bound to: it is never asked as an upstream.
    ///   - datagram: a non-blocking UDP socket; owned from here on, also after a failure.
    ///   - stream: a non-blocking TCP socket, listening or only bound; owned likewise.
    public func serve(_ site: NameSite, at address: IPAddress, datagram: Int32, stream: Int32) async throws(NameServerError) {
        let socket = DatagramSocket(datagram, site: site)
        do {
            let forwarder = forwarder
            let channel = try await StreamListener.open(
                stream, of: site, on: group.next(), zone: zone, options: options
            ) { forwarder.submit($0) }
            streams.add(channel, of: site)
        } catch {
            socket.close()
            throw .socket(site: site, reason: "\(error)")
        }
        do {
            try datagrams.add(socket)
        } catch {
            await streams.close(site)
            throw error
        }
        forwarder.addOwnAddress(address, of: site)
        logger.debug("answering DNS", metadata: ["site": "\(site)", "address": "\(address)"])
    }

    /// Closes a site's sockets; on return their addresses are free.
    public func stop(_ site: NameSite) async {
        datagrams.remove(site)
        await streams.close(site)
        forwarder.removeOwnAddresses(of: site)
    }

    /// Serves until cancelled, then closes every socket.
    /// - Throws: ``NameServerError`` when there is no memory to serve with.
    public func run() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        do {
            try await serve(on: threads)
        } catch is CancellationError {
            // Cancelled before the thread got to it: nothing was served, nothing is wrong.
        } catch {
            try await close(threads)
            throw error
        }
        try await close(threads)
    }

    private func serve(on threads: NIOThreadPool) async throws {
        try await withTaskCancellationHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await self.forwarder.run() }
                group.addTask { try await threads.runIfActive { try self.datagrams.run() } }
            }
        } onCancel: {
            datagrams.stop()
        }
    }

    private func close(_ threads: NIOThreadPool) async throws {
        datagrams.stop()
        await streams.closeAll()
        try await threads.shutdownGracefully()
    }
}
