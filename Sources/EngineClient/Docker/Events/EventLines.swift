/// Cuts the bytes of a stream into lines, however they arrive.
struct EventLines: Sendable {
    private var rest: [UInt8] = []
    /// Bytes of one event, and much.
    private static let longest = 1 << 20

    /// The lines that are whole with these bytes, without their line feeds.
    /// - Throws: ``EngineError/Code/undecodable`` for a line without an end.
    mutating func take(_ bytes: [UInt8]) throws(EngineError) -> [ArraySlice<UInt8>] {
        var lines = (rest + bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = lines.popLast().map(Array.init) ?? []
        guard rest.count <= Self.longest else { throw EngineError(.undecodable, "the container engine sent an endless line of events") }
        return lines.filter { !$0.isEmpty }
    }
}
