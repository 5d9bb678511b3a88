import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import Commands

/// Programs in real namespaces: only where this process is root on a host of its own.
@Suite(.enabled(if: Lab.isAvailable)) struct RunTests {
    @Test func `a program in the foreground runs in the sandbox, and the sandbox goes with it`() async throws {
        let daemon = try Lab.daemon()
        try await withDaemon(daemon) { skein async throws in
            let outcome = try await skein(
                "run", "--name", "fore", "--net", "multi", "-e", "COLOUR=red", "-w", "/tmp", "sh", "-c",
                "cat; echo $COLOUR; pwd; ip netns identify; exit 3", input: "hello\n")
            #expect(outcome == .failure("", status: 3, output: "hello\nred\n/tmp\nsk-fore\n"))
            #expect(try await skein("run", "--name", "killed", "--net", "multi", "sh", "-c", "kill -9 $$").status == 137)
        }
        #expect(
            daemon.log == [
                "created fore on multi", "removed sandbox fore by force", "created killed on multi", "removed sandbox killed by force",
            ])
    }

    @Test func `a program in the background outlives the command, and holds none of its descriptors`() async throws {
        let daemon = try Lab.daemon()
        try await withDaemon(daemon) { skein async throws in
            let folder = FileManager.default.temporaryDirectory.appending(path: "skein-back-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let told = folder.appending(path: "told").path
            let script =
                "ls -l /proc/$$/fd > \(told).new; cut -d' ' -f6 /proc/$$/stat >> \(told).new; echo $$ >> \(told).new; mv \(told).new \(told); exec sleep 600"
            let outcome = try await skein("run", "-d", "--name", "back", "--net", "multi", "sh", "-c", script)
            #expect(outcome == .success(String(repeating: "7", count: 64) + "\n"))
            try await eventually("the program tells what it has") { FileManager.default.fileExists(atPath: told) }
            let lines = try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n").map { String($0) }
            #expect(lines.count { $0.hasSuffix("-> /dev/null") } == 3)
            #expect(!lines.contains { $0.contains("socket:") || $0.contains("pipe:") }, "\(lines)")
            // Its session is its own.
            #expect(lines.suffix(2).first == lines.last)
            let where_ = try await skein("sandbox", "exec", "back", "ip", "netns", "identify", lines.last ?? "")
            #expect(where_ == .success("sk-back\n"))
            // No signal is blocked: it ends when it is told to.
            let process = try #require(lines.last.flatMap { Int32($0) })
            kill(process, SIGTERM)
            try await eventually("the program ends") { Lab.hasEnded(process) }
        }
        #expect(daemon.log == ["created back on multi"])
        try await IPNamespaces().remove("sk-back")
    }

    @Test(arguments: [[], ["-d"]])
    func `of a program that cannot be started nothing is left`(flags: [String]) async throws {
        let daemon = try Lab.daemon()
        let name = "none\(flags.count)"
        try await withDaemon(daemon) { skein async throws in
            let environment = ["SKEIN_HOST": skein.host]
            let run = [SkeinCommand.path ?? "", "run"] + flags + ["--name", name, "--net", "multi"]
            let missing = try await SkeinCommand.run(run + ["no-such-program"], environment: environment)
            #expect(missing == .failure("skein: exec: \"no-such-program\": executable file not found in $PATH\n", status: 127))
            #expect(daemon.log.isEmpty)
            // A file that is executable and no program: found out only by the kernel.
            let broken = try await SkeinCommand.run(run + ["/proc/self/exe/"], environment: environment)
            #expect([126, 127].contains(broken.status) && broken.errors.hasPrefix("skein: "))
            let nowhere = try await SkeinCommand.run(
                [SkeinCommand.path ?? "", "run"] + flags + ["--name", name, "--net", "multi", "-w", "/nowhere", "true"],
                environment: environment)
            #expect(nowhere.status == 125 && nowhere.errors.contains("/nowhere"), "\(nowhere)")
        }
        #expect(daemon.log == ["created \(name) on multi", "removed sandbox \(name) by force"])
    }

    @Test func `a signal reaches the program once, and the sandbox goes all the same`() async throws {
        let daemon = try Lab.daemon()
        try await withDaemon(daemon) { skein async throws in
            // The program tells the signals it has got; its parent is skein.
            let script = "n=0; trap 'n=$((n+1))' TERM; kill -TERM $PPID; while [ $n = 0 ]; do sleep 0.05; done; sleep 0.3; echo $n; exit 5"
            let outcome = try await skein("run", "--name", "sig", "--net", "multi", "sh", "-c", script)
            #expect(outcome == .failure("", status: 5, output: "1\n"))
        }
        #expect(daemon.log.last == "removed sandbox sig by force")
    }

    @Test func `a sandbox that cannot be made is the command's own failure`() async throws {
        try await withDaemon(try Lab.daemon()) { skein async throws in
            #expect(try await skein("run", "--net", "absent", "true") == .failure("skein: network absent not found\n", status: 125))
            let bad = try await skein("run", "-d", "--name=-bad", "--net", "multi", "sleep", "1h")
            #expect(bad.status == 125 && bad.errors.contains("\"-bad\""))
        }
    }

    @Test func `exec has the exit statuses of a shell, and needs no daemon for a sandbox that is there`() async throws {
        try await IPNamespaces().make("sk-Here")
        let skein = SkeinCommand(host: "unix:///nonexistent/worker.sock")
        #expect(
            try await skein("sandbox", "exec", "Here", "sh", "-c", "ip netns identify; exit 4")
                == .failure("", status: 4, output: "sk-Here\n"))
        #expect(try await skein("sandbox", "exec", "-i", "Here", "cat", input: "in\n") == .success("in\n"))
        #expect(try await skein("sandbox", "exec", "Here", "no-such-program").status == 127)
        #expect(try await skein("sandbox", "exec", "Gone", "true").status == 125)
        let refused = try await skein("sandbox", "exec", "-u", "nobody", "Here", "true")
        #expect(refused.status == 125 && refused.errors.contains("--user nobody"))
        try await IPNamespaces().remove("sk-Here")
    }
}

enum Lab {
    /// Whether this process may make namespaces: root, and no device of the machine in sight.
    static let isAvailable =
        geteuid() == 0 && (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net"))?.contains { $0.hasPrefix("e") } == false

    /// Also when nobody has collected it yet.
    static func hasEnded(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return status.contains(") Z ")
    }

    static func daemon() throws -> CannedDaemon { CannedDaemon(try Canned.garden(), namespaces: IPNamespaces()) }
}

/// Named namespaces, made by iproute2.
struct IPNamespaces: CannedDaemon.Namespaces {
    func make(_ name: String) async throws { try await ip("add", name) }
    func remove(_ name: String) async throws { try await ip("del", name) }

    private func ip(_ verb: String, _ name: String) async throws {
        let outcome = try await SkeinCommand.run(["ip", "netns", verb, name])
        guard outcome.status == 0 else { throw CannedDaemon.Refusal(kind: .unavailable, message: outcome.errors) }
    }
}
