import EngineClient
import NetworkModel
import Testing

@Suite struct EngineErrorTests {
    @Test(arguments: [
        (EngineError.Code.notFound, FaultKind.notFound), (.conflict, .conflict), (.forbidden, .forbidden), (.invalid, .invalid),
        (.unavailable, .unavailable), (.undecodable, .unavailable),
    ])
    func `an engine's error has the kind that callers act on`(code: EngineError.Code, kind: FaultKind) {
        #expect(EngineError(code, "why").kind == kind)
    }
}
