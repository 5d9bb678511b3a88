import ClusterStore
import FaultProxy

/// A fault, and what a client is told of an operation that meets it.
struct FaultCase: Sendable {
    enum Reading: Sendable {
        case answered
        case fails(StoreError.Code)
    }

    /// What a write comes to.
    enum Writing: Hashable, Sendable {
        case committed
        /// The client cannot know; whether it was done, if the fault decides that.
        case unknown(done: Bool?)
        /// It was done, and its own write stood in the way of its repetition.
        case ownConflict
    }

    let name: String
    let fault: Fault
    let reading: Reading
    let writing: Writing

    /// Whether the client waits in vain: it needs a short patience, and asks nobody twice.
    var isSilent: Bool {
        if case .stall = fault { true } else { false }
    }

    private init(_ name: String, _ fault: Fault, _ reading: Reading, _ writing: Writing) {
        (self.name, self.fault, self.reading, self.writing) = (name, fault, reading, writing)
    }

    /// In a stream it swallows a line, as if there had been none: only a watch's distrust helps.
    static let swallowing = Fault.replace(body: "")

    static func all(impostors: [String]) -> [FaultCase] {
        points + [
            FaultCase("a delay", .delay(.milliseconds(50)), .answered, .committed),
            FaultCase("half a connection", .halfClose, .fails(.unavailable), .unknown(done: true)),
            FaultCase("a truncated answer", .truncate, .fails(.malformedAnswer), .unknown(done: true)),
            FaultCase("other bytes in the answer", .corrupt, .fails(.malformedAnswer), .unknown(done: true)),
            FaultCase("a request that is made twice", .twice, .answered, .ownConflict),
            FaultCase(
                "a page of a gateway", .replace(body: "<html>bad gateway</html>", status: "502 Bad Gateway"), .fails(.unavailable),
                .unknown(done: true)),
            FaultCase(
                "a page of something else", .replace(body: "<html>welcome</html>"), .fails(.malformedAnswer), .unknown(done: true)),
        ] + impostors.map { FaultCase("the answer \($0)", .replace(body: $0), .fails(.malformedAnswer), .unknown(done: true)) }
    }

    private static var points: [FaultCase] {
        Fault.Point.allCases.flatMap { point -> [FaultCase] in
            let isOver = point == .afterAnswer
            let (reading, writing): (Reading, Writing) =
                isOver ? (.answered, .committed) : (.fails(.unavailable), .unknown(done: point.isServed))
            let cases = [
                FaultCase("a cut \(point.words)", .cut(point), reading, writing),
                FaultCase("a reset \(point.words)", .reset(point), reading, writing),
            ]
            return isOver ? cases : cases + [FaultCase("silence \(point.words)", .stall(point), reading, writing)]
        }
    }
}

extension Fault.Point {
    /// Whether the server carries out the request; nil if nobody can say.
    fileprivate var isServed: Bool? {
        switch self {
        case .beforeRequest, .inRequest: false
        case .afterRequest: nil
        case .beforeAnswer, .inAnswer, .afterAnswer: true
        }
    }

    fileprivate var words: String {
        switch self {
        case .beforeRequest: "before the request"
        case .inRequest: "in the request"
        case .afterRequest: "after the request"
        case .beforeAnswer: "before the answer"
        case .inAnswer: "in the answer"
        case .afterAnswer: "after the answer"
        }
    }
}
