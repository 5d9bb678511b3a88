import Foundation
import Testing

@Suite struct ManualTests {
    /// Beside the tests, where the programs are built too.
    private static let programs = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map {
        URL(filePath: $0).deletingLastPathComponent().path
    }

    @Test func `the manual pages are as the programs say of themselves`() throws {
        let programs = try #require(Self.programs)
        let process = Process()
        let output = Pipe()
        process.executableURL = SourceTree.package.root.appending(path: "scripts/man")
        process.arguments = ["--check", programs]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }
}
