import Foundation
import TestSupport

/// The real binary, which is built beside the tests.
struct SkeinCommand: Sendable {
    /// What `SKEIN_HOST` is.
    let host: String

    static let path = BuiltProgram.path("skein")

    struct Outcome: Equatable, Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    func callAsFunction(_ arguments: String..., input: String = "") async throws -> Outcome {
        guard let path = Self.path else { throw CommandDidNotRun() }
        return try await Self.run([path] + arguments, input: input, environment: ["SKEIN_HOST": host])
    }

    /// The real docker command line.
    static let dockerPath = ["/usr/local/bin/docker", "/usr/bin/docker"].first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Runs a command on a thread of its own: a daemon that it waits for may need all of the others.
    static func run(_ words: [String], input: String = "", environment: [String: String] = [:]) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(words, input: input, environment: environment) })
            }
        }
    }

    private static func runBlocking(_ words: [String], input: String, environment: [String: String]) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "skein-run-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        try Data(input.utf8).write(to: files[0])
        let variables = environment.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { given, _ in given }.map { "\($0.key)=\($0.value)" }
        let quoted = (["env", "-i"] + variables + words).map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
        let command = "\(quoted) <\(files[0].path) >\(files[1].path) 2>\(files[2].path)"
        guard let stream = popen(command, "r") else { throw CommandDidNotRun() }
        let status = pclose(stream) >> 8
        return Outcome(
            status: status, output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
}

struct CommandDidNotRun: Error {}

extension SkeinCommand.Outcome {
    /// Success with nothing to complain of.
    static func success(_ output: String) -> Self { Self(status: 0, output: output, errors: "") }
    static func failure(_ errors: String, status: Int32 = 1, output: String = "") -> Self {
        Self(status: status, output: output, errors: errors)
    }
}
