import ArgumentParser
import NetworkModel
import WorkerAPI

/// `skein doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what is wrong with this host's part of the cluster",
        discussion: """
            One line for each thing that was looked at, in the order in which they depend on each other: what is found further down may \
            follow from what is wrong above. The exit status is 1 if anything failed; warnings alone leave it 0.

              skein doctor --format '{{if eq .Status "failed"}}{{.Check}}: {{.Advice}}{{end}}'
            """)

    @OptionGroup var daemon: DaemonOptions
    @Option(
        help: ArgumentHelp(
            "How to print it: table, \"table TEMPLATE\", json or a Go template such as '{{.Status}} {{.Check}}'.", valueName: "format"))
    var format: String?
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print only what is not ok.") var isQuiet = false

    func run() async throws {
        let format = try ListFormat(format, isQuiet: false, style: Self.style)
        let checks = try await Self.examine(by: try daemon.client())
        let shown = isQuiet ? checks.filter { $0.status != .ok } : checks
        // With -q, all is well when nothing is printed.
        if !shown.isEmpty { Console.print(try format.render(shown.map(Self.row))) }
        if checks.contains(where: { $0.status == .failed }) { throw ExitCode.failure }
    }

    /// What the worker finds; without one, what can be told without it.
    private static func examine(by client: DaemonClient) async throws -> [DoctorCheckResource] {
        let checks: [DoctorCheckResource]
        do {
            checks = try await client.get(APITarget("skein", "v1", "doctor"), as: [DoctorCheckResource].self)
        } catch let fault as CommandFault {
            if fault.kind == .notFound {
                throw CommandFault(
                    .unsupported,
                    "\(client.address) has no host to look at: run skein doctor on a host, where a skein-worker of this version serves it")
            }
            let absence = WorkerAbsence(fault: fault, address: client.address, host: await LocalHost.look(for: client.address))
            return absence.checks.map { DoctorCheckResource($0) }
        }
        return [DoctorCheckResource(DoctorCheck(.ok, "worker", "it answers at \(client.address)"))] + checks
    }

    static let style = ListFormat.Style(
        table: "{{.Status}}\t{{.Check}}\t{{.Message}}", quiet: "",
        captions: TemplateRecord([
            "Advice": "ADVICE", "Check": "CHECK", "Finding": "FINDING", "Message": "MESSAGE", "Status": "STATUS",
        ]))

    private static func row(_ check: DoctorCheckResource) -> TemplateRecord {
        TemplateRecord([
            "Advice": check.advice ?? "", "Check": check.check, "Finding": check.finding,
            "Message": check.finding + (check.advice.map { "; \($0)" } ?? ""), "Status": check.status.rawValue,
        ])
    }
}
