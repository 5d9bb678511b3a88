import CMnl
import Glibc
import Synchronization

/// Threads that enter a namespace and end there: no thread ever visits a namespace and comes back.
///
/// Sockets belong to the namespace that they are made in; so one is made on such a thread and its descriptor handed over.
enum NamespaceThread {
    /// The descriptors that a thread sees.
    enum Descriptors {
        /// The process's: what is opened may be handed over.
        case shared
        /// None but the standard three, and its own: what is opened there gets a low number, and is closed when the thread ends. For
        /// libraries that wait with select(2), which ends the process at descriptors from 1,024 (FD_SETSIZE) on.
        case own
    }

    /// Runs work in a namespace, on a thread of its own, and waits for it.
    static func run<Value: Sendable>(
        in place: KernelNamespace, with descriptors: Descriptors = .shared,
        _ work: @escaping @Sendable () throws(KernelError) -> Value
    ) throws(KernelError) -> Value {
        let namespace = try NamespaceHandle(opening: place)
        let descriptor = namespace.descriptor
        return try onNewThread { () throws(KernelError) in
            guard skein_enter_network_namespace(descriptor) == 0 else { throw .current("cannot enter \(place)") }
            try take(descriptors)
            return try work()
        }
    }

    /// Runs work in a new namespace, which is gone afterwards unless the work bound it to a file or opened something in it.
    static func runInNewNamespace<Value: Sendable>(
        with descriptors: Descriptors = .shared, _ work: @escaping @Sendable () throws(KernelError) -> Value
    ) throws(KernelError) -> Value {
        try onNewThread { () throws(KernelError) in
            guard skein_unshare_network_namespace() == 0 else { throw .current("cannot make a network namespace") }
            try take(descriptors)
            return try work()
        }
    }

    private static func take(_ descriptors: Descriptors) throws(KernelError) {
        guard descriptors == .own, skein_leave_descriptors() != 0 else { return }
        throw .current("cannot give a thread descriptors of its own")
    }

    private static func onNewThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(KernelError) -> Value
    ) throws(KernelError) -> Value {
        let outcome = Outcome<Value>()
        let errand = Errand { outcome.set(Result(catching: work)) }
        var thread = pthread_t()
        let number = unsafe pthread_create(&thread, nil, { unsafe Errand.carryOut($0) }, errand.retained())
        guard number == 0 else {
            errand.release()
            throw .errno(number, "cannot start a thread")
        }
        pthread_join(thread, nil)
        guard let result = outcome.get() else { throw .errno(ECANCELED, "a thread ended without an answer") }
        return try result.get()
    }
}

/// What a thread is to do; it has one reference of its own while it runs.
final class Errand: Sendable {
    private let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    func retained() -> UnsafeMutableRawPointer { unsafe Unmanaged.passRetained(self).toOpaque() }

    /// For when the thread was not started.
    func release() { unsafe Unmanaged.passUnretained(self).release() }

    /// A thread's start routine.
    static func carryOut(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().work()
        return nil
    }
}

/// Where a thread leaves its result.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, KernelError>?>(nil)

    func set(_ new: Result<Value, KernelError>) {
        result.withLock { $0 = new }
    }

    func get() -> Result<Value, KernelError>? {
        result.withLock { $0 }
    }
}
