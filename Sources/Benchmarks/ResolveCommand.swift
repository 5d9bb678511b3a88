import ArgumentParser
import NetworkModel

/// Asks a DNS server for names, one after the other, each until it is answered.
struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Print when each name first resolves, in microseconds of the time of day.")

    @Argument(help: "The server's IPv4 address.") var server: String
    @Argument(help: "The names, in the order in which they will appear.") var names: [String]
    @Option(help: "How many seconds to wait for one name.") var patience = 20

    func run() throws {
        let client = try QuestionSocket(server: try IPAddress(server))
        for (number, name) in names.enumerated() {
            let deadline = Stopwatch.microseconds() + Int64(patience) * 1_000_000
            while try !client.resolves(name, id: UInt16(truncatingIfNeeded: number)) {
                guard Stopwatch.microseconds() < deadline else { throw ValidationError("\(name) does not resolve") }
            }
            Stopwatch.report("\(name) \(Stopwatch.microseconds())")
        }
    }
}
