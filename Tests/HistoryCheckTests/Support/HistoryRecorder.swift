import ClusterCatalog
import ClusterStore
import HistoryCheck
import Synchronization

/// Writes down what clients do, on one counter of time for all of them.
final class HistoryRecorder: Sendable {
    private struct State {
        var operations: [Operation] = []
        var now = 0
    }

    private let state = Mutex(State())
    /// Whether the error of a claim must say so when the claim may have been made. It cannot where a write that nobody waits for any more may
    /// still be carried out.
    private let isStrict: Bool

    init(isStrict: Bool = false) {
        self.isStrict = isStrict
    }

    var operations: [Operation] { state.withLock { $0.operations } }

    /// Carries out an operation and writes down how it ends.
    ///
    /// - Parameters:
    ///   - isLost: whether an answer was lost on the way, so that what ends in an error may have been carried out.
    ///   - told: what the client learns from its result.
    /// - Returns: the result, or nil after an error.
    func perform<Value>(
        _ operation: Operation, isLost: () -> Bool, _ body: () async throws(CatalogError) -> Value,
        told: (Value) -> Acknowledgement
    ) async -> Value? {
        let index = begin(operation)
        do throws(CatalogError) {
            let value = try await body()
            end(index, .acknowledged(told(value)))
            return value
        } catch {
            let mayBeDone = error.storeCode == .outcomeUnknown || isLost() && (!isStrict || operation.claims == nil)
            end(index, mayBeDone ? .unknown(error.message) : .refused(error.message))
            return nil
        }
    }

    /// Writes down something whose end nobody is told.
    func note(_ operation: Operation) {
        end(begin(operation), .unknown("nobody is told"))
    }

    private func begin(_ operation: Operation) -> Int {
        state.withLock { state in
            state.now += 1
            var operation = operation
            operation.invoked = state.now
            state.operations.append(operation)
            return state.operations.count - 1
        }
    }

    private func end(_ index: Int, _ outcome: Operation.Outcome) {
        state.withLock { state in
            state.now += 1
            state.operations[index].completed = state.now
            state.operations[index].outcome = outcome
        }
    }
}
