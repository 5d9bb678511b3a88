import Synchronization

/// A call of somebody who is made later than the caller: of two that know each other one has to be first.
final class LateCall: Sendable {
    private let target = Mutex<(@Sendable () async -> Void)?>(nil)

    func lead(to target: @escaping @Sendable () async -> Void) {
        self.target.withLock { $0 = target }
    }

    func callAsFunction() async {
        let target = target.withLock { $0 }
        await target?()
    }
}
