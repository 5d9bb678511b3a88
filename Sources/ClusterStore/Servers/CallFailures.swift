/// Why a call was answered by none of the endpoints that it asked.
struct CallFailures: Sendable {
    private var causes: [String] = []
    private var mayBeDone = false
    private var areUnreadable = true

    var isEmpty: Bool { causes.isEmpty }

    mutating func note(_ silence: CallFailure.Silence) {
        if !causes.contains(silence.cause) { causes.append(silence.cause) }
        mayBeDone = mayBeDone || silence.mayBeDone
        areUnreadable = areUnreadable && silence.isUnreadable
    }

    func verdict(_ repetition: Repetition, at location: String) -> StoreError {
        let cause = isEmpty ? "it has no endpoint" : causes.joined(separator: "; ")
        if mayBeDone, repetition == .never {
            return StoreError(.outcomeUnknown, "the answer of the store \(location) was lost, the change may have been made: \(cause)")
        }
        return areUnreadable && !isEmpty
            ? StoreError(.malformedAnswer, "the store \(location) does not answer as a store does: \(cause)")
            : StoreError(.unavailable, "the store \(location) does not answer: \(cause)")
    }
}
