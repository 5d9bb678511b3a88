import ArgumentParser
import HTTPTransport
import Logging
import NetworkModel

/// Attaches sandboxes to a network through a worker's API, and takes them off again.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Attach sandboxes one after the other; print each one's begin and end, in microseconds of the time of day.")

    @Option(help: "The worker's socket.") var socket = "/run/skein/worker.sock"
    @Option(help: "The network.") var network: String
    @Flag(help: "Detach in place of attaching.") var detach = false
    @Argument(help: "The sandboxes.") var sandboxes: [String]

    func run() async throws {
        let client = try HTTPClient(logger: Logger(label: "skein-bench"))
        for sandbox in sandboxes {
            let begin = Stopwatch.microseconds()
            let response = try await client.send(request(sandbox))
            let end = Stopwatch.microseconds()
            guard response.status == 200 else {
                throw ValidationError("\(sandbox): status \(response.status): \(String(decoding: response.body, as: UTF8.self))")
            }
            Stopwatch.report("\(sandbox) \(begin) \(end)")
        }
    }

    private func request(_ sandbox: String) -> HTTPRequest {
        var request = HTTPRequest(method: "POST", url: "http://skein/networks/\(network)/\(detach ? "disconnect" : "connect")")
        request.unixSocket = socket
        request.headers = ["Content-Type": "application/json"]
        request.body = Array("{\"Container\":\"\(sandbox)\"}".utf8)
        return request
    }
}
