import Foundation
import Glibc

/// What a command of bash prints. It runs on a thread of its own: a server that it talks to may need all of the others.
func shell(_ command: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(
                with: Result {
                    let process = Process()
                    let pipe = Pipe()
                    process.executableURL = URL(filePath: "/bin/bash")
                    process.arguments = ["-c", command]
                    process.standardOutput = pipe
                    process.standardError = pipe
                    try process.run()
                    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    return String(decoding: data, as: UTF8.self)
                })
        }
    }
}
