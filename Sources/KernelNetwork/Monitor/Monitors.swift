import Glibc
import Synchronization

/// Tells of changes in namespaces: one thread reads all their sockets.
final class Monitors: Sendable {
    /// How much may wait to be read of one namespace, in bytes, before the kernel drops notifications.
    static let defaultQueueSize: Int32 = 1 << 20

    private let loop: MonitorLoop
    private let queueSize: Int32

    /// - Parameter namespaceIsGone: called when a file in `/run/netns` was deleted, whoever did it.
    init(queueSize: Int32 = defaultQueueSize, namespaceIsGone: @escaping @Sendable (KernelNamespace) -> Void) throws(KernelError) {
        self.queueSize = queueSize
        let loop = try MonitorLoop(namespaceIsGone: namespaceIsGone)
        self.loop = loop
        let errand = Errand { loop.run() }
        var thread = pthread_t()
        let number = unsafe pthread_create(&thread, nil, { unsafe Errand.carryOut($0) }, errand.retained())
        guard number == 0 else {
            errand.release()
            throw .errno(number, "cannot start a thread")
        }
        pthread_detach(thread)
    }

    func watch(_ place: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent> {
        let queueSize = queueSize
        let identity = try NamespaceIdentity(of: place)
        let (stream, continuation) = AsyncStream.makeStream(of: KernelEvent.self, bufferingPolicy: .bufferingNewest(1))
        let watcher = try NamespaceThread.run(in: place) { () throws(KernelError) in
            Watcher(
                place: place.canonical, identity: identity, sockets: try MonitorSockets(queueSize: queueSize), continuation: continuation)
        }
        loop.add(watcher)
        continuation.onTermination = { [weak loop, weak watcher] _ in
            if let loop, let watcher { loop.remove(watcher) }
        }
        return stream
    }

    /// Starts to look for namespaces that others delete: `/run/netns` is there now.
    func watchDirectory() { loop.watchDirectory() }

    /// Ends the streams of a namespace that is deleted: the sockets would keep it alive.
    func end(_ place: KernelNamespace) { loop.end(place) }

    func stop() { loop.stop() }
}

/// Somebody who wants to be told of one namespace.
final class Watcher: Sendable {
    let place: KernelNamespace
    let identity: NamespaceIdentity
    let sockets: MonitorSockets
    private let continuation: AsyncStream<KernelEvent>.Continuation

    init(
        place: KernelNamespace, identity: NamespaceIdentity, sockets: consuming MonitorSockets,
        continuation: AsyncStream<KernelEvent>.Continuation
    ) {
        self.place = place
        self.identity = identity
        self.sockets = sockets
        self.continuation = continuation
    }

    /// One event waits at most, and an overrun that was not seen yet stays one.
    func tell(_ event: KernelEvent) {
        if case .dropped(.overrun) = continuation.yield(event) { continuation.yield(.overrun) }
    }

    func end() {
        continuation.yield(.changed)
        continuation.finish()
    }
}
