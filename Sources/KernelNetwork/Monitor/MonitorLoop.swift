import CMnl
import Glibc
import Synchronization

/// What the monitors' thread does: waits for all sockets at once.
final class MonitorLoop: Sendable {
    private struct State {
        var watchers: [Watcher] = []
        /// Raised whenever the watchers change.
        var generation = 0
        var isStopped = false
    }

    private static let bufferSize = 1 << 16

    private let state = Mutex(State())
    private let wake: Descriptor
    private let deletions: Descriptor
    private let namespaceIsGone: @Sendable (KernelNamespace) -> Void

    init(namespaceIsGone: @escaping @Sendable (KernelNamespace) -> Void) throws(KernelError) {
        self.namespaceIsGone = namespaceIsGone
        wake = try Descriptor(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "make an event descriptor")
        deletions = try Descriptor(inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "watch \(KernelNamespace.directory)")
        watchDirectory()
    }

    // MARK: From other threads

    /// Also when it is being watched already. Nothing is lost if it is not there: then no namespace is.
    func watchDirectory() {
        _ = unsafe inotify_add_watch(deletions.number, KernelNamespace.directory, UInt32(IN_DELETE))
    }

    func add(_ watcher: Watcher) {
        change { $0.append(watcher) }
    }

    func remove(_ watcher: Watcher) {
        change { $0.removeAll { $0 === watcher } }
    }

    func end(_ place: KernelNamespace) {
        let place = place.canonical
        end { $0.place == place }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        end { _ in true }
    }

    private func end(_ condition: (Watcher) -> Bool) {
        let all = state.withLock { $0.watchers }
        let ended = all.filter(condition)
        change { watchers in watchers.removeAll { watcher in ended.contains { $0 === watcher } } }
        for watcher in ended { watcher.end() }
    }

    private func change(_ body: (inout [Watcher]) -> Void) {
        state.withLock { state in
            body(&state.watchers)
            state.generation += 1
        }
        eventfd_write(wake.number, 1)
    }

    // MARK: The thread

    /// Runs until stopped. A watcher that was removed is let go here, where its sockets are waited for, so that no number of a closed
    /// one is ever read from.
    func run() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: MemoryLayout<UInt64>.alignment)
        defer { unsafe buffer.deallocate() }
        var watchers: [Watcher] = []
        var generation = -1
        while true {
            let current = state.withLock { state in
                (state.isStopped, state.generation, state.generation == generation ? nil : state.watchers)
            }
            guard !current.0 else { return }
            generation = current.1
            watchers = current.2 ?? watchers
            wait(for: watchers)
            clearWake()
            for watcher in watchers { unsafe Self.read(watcher, buffer) }
            unsafe readDeletions(buffer)
        }
    }

    private func wait(for watchers: [Watcher]) {
        let own = [wake.number, deletions.number]
        Self.poll(own + watchers.flatMap { [$0.sockets.routes, $0.sockets.rules] })
        Self.poll(own, for: Self.gathering)
    }

    /// How long, in milliseconds, what the sockets tell is left to gather: one change makes a dozen messages, and whoever makes it, this
    /// process mostly, wants the processor. Short enough for the sockets' queues.
    private static let gathering: Int32 = 10

    private static func poll(_ numbers: [Int32], for milliseconds: Int32 = -1) {
        var entries = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe entries.withUnsafeMutableBufferPointer { unsafe Glibc.poll($0.baseAddress, nfds_t($0.count), milliseconds) }
    }

    private func clearWake() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(wake.number, &count)
    }

    private static func read(_ watcher: Watcher, _ buffer: UnsafeMutableRawBufferPointer) {
        var notices = Notices()
        unsafe notices.read(watcher.sockets.routes, into: buffer) { $0.isNews }
        unsafe notices.read(watcher.sockets.rules, into: buffer) { _ in true }
        if let event = notices.event { watcher.tell(event) }
    }

    /// A deleted namespace's streams end; a new one of that name may be there already.
    private func readDeletions(_ buffer: UnsafeMutableRawBufferPointer) {
        while true {
            let count = unsafe Glibc.read(deletions.number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return }
            for name in unsafe Self.names(in: UnsafeRawBufferPointer(buffer), count: count) {
                let place = KernelNamespace.named(name)
                let identity = try? NamespaceIdentity(of: place)
                end { $0.place == place && $0.identity != identity }
                namespaceIsGone(place)
            }
        }
    }

    /// inotify(7): events of 16 bytes, each followed by a name with zeros at its end.
    private static func names(in bytes: UnsafeRawBufferPointer, count: Int) -> [String] {
        let size = MemoryLayout<inotify_event>.size
        var names: [String] = []
        var offset = 0
        while offset + size <= count {
            let length = unsafe Int(bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self).len)
            guard offset + size + length <= count else { break }
            let name = unsafe bytes[offset + size..<offset + size + length].prefix { $0 != 0 }
            unsafe names.append(String(decoding: name, as: UTF8.self))
            offset += size + length
        }
        return names
    }
}

/// An open descriptor.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    init(_ open: Int32) { number = open }

    /// - Parameter number: what a system call returned; negative if it failed, with errno set.
    init(_ number: Int32, _ operation: String) throws(KernelError) {
        guard number >= 0 else { throw .current("cannot \(operation)") }
        self.number = number
    }

    deinit { close(number) }
}
