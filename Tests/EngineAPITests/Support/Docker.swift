import Glibc
import NIOPosix
import TestSupport

/// The real docker command line.
enum Docker {
    static let path: String? = {
        let candidates: [String] = ["/usr/local/bin/docker", "/usr/bin/docker"]
        return candidates.first { access($0, X_OK) == 0 }
    }()
    static var isInstalled: Bool { path != nil }

    struct Outcome: Equatable, Sendable {
        let status: Int32
        /// What it wrote, to either stream.
        let output: String
    }

    /// Runs it, off the threads that the server needs, with no configuration of the user's.
    static func run(_ host: String, _ arguments: [String]) async throws -> Outcome {
        let words = [path ?? "docker", "-H", host] + arguments
        let quoted = words.map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
        return try await NIOThreadPool.singleton.runIfActive {
            let command = "env -i PATH=/usr/bin:/bin DOCKER_CONFIG=/nonexistent \(quoted) 2>&1 </dev/null"
            guard let stream = popen(command, "r") else { throw DockerDidNotRun() }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer.prefix(count) }
            return Outcome(status: pclose(stream) >> 8, output: String(decoding: bytes, as: UTF8.self))
        }
    }
}

struct DockerDidNotRun: Error {}
