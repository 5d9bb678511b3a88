import Foundation
import Synchronization

/// Runs work on as many threads at once, more than there are processors, and waits for all.
/// - Throws: the first error of any of them.
func onThreads(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Void) throws {
    let errors = FirstError()
    let group = DispatchGroup()
    for number in 0..<count {
        group.enter()
        Thread {
            do { try work(number) } catch { errors.note(error) }
            group.leave()
        }.start()
    }
    group.wait()
    if let error = errors.error { throw error }
}

private final class FirstError: Sendable {
    private let state = Mutex<(any Error)?>(nil)

    var error: (any Error)? { state.withLock { $0 } }

    func note(_ error: any Error) {
        state.withLock { $0 = $0 ?? error }
    }
}
