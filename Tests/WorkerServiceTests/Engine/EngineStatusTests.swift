import TestSupport
import Testing

@testable import WorkerService

@Suite struct `What the engine's side has met` {
    @Test func `is told as it is now`() {
        let status = EngineStatus(location: "unix:///x", logger: quiet)
        #expect(status.report == EngineReport(location: "unix:///x", fault: nil, troubles: []))
        status.engineIsLost("it is gone")
        status.trouble(with: "multi", "first")
        status.trouble(with: "other", "second")
        status.trouble(with: "multi", "third")
        #expect(status.report == EngineReport(location: "unix:///x", fault: "it is gone", troubles: ["second", "third"]))
        status.engineAnswers()
        status.settled("other")
        #expect(status.report == EngineReport(location: "unix:///x", fault: nil, troubles: ["third"]))
    }

    @Test func `is the latest twenty troubles`() {
        let status = EngineStatus(location: "unix:///x", logger: quiet)
        for number in 0..<30 { status.trouble(with: "n\(number)", "\(number)") }
        #expect(status.report.troubles == (10..<30).map(String.init))
    }
}
