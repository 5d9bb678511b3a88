import FoundationEssentials
import Glibc

/// A process that a test has started. Dropping it kills it.
struct ChildProcess: ~Copyable {
    let pid: pid_t

    /// - Parameters:
    ///   - command: looked for in `PATH`.
    ///   - log: the file that takes what it prints.
    init(_ command: [String], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let status = posix_spawnp(&child, command[0], &actions, nil, &arguments, environ)
        guard status == 0 else { throw TestProblem("cannot start \(command[0]): \(String(cString: strerror(status)))") }
        pid = child
    }

    deinit {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Waits for its end, and keeps it as a zombie until it is dropped.
    /// - Returns: its status, or the number of the signal that ended it.
    func waitForEnd() -> Int32 {
        var information = siginfo_t()
        waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT)
        return information._sifields._sigchld.si_status
    }

    /// Whether it has ended, by itself or by a signal.
    var hasEnded: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) != 0 || information.si_signo != 0
    }
}

/// Runs a command to its end, and lets other tasks run meanwhile.
/// - Throws: a ``TestProblem`` with what it printed, if its status is not 0.
public func runToEnd(_ command: [String], log: String) async throws {
    let process = try ChildProcess(command, log: log)
    try await eventually("\(command.joined(separator: " ")) ends", within: .seconds(60)) { process.hasEnded }
    guard process.waitForEnd() == 0 else { throw TestProblem(command, log: log) }
}

/// Runs a command to its end.
/// - Throws: a ``TestProblem`` with what it printed, if its status is not 0.
public func runCommand(_ command: [String], log: String) throws {
    let process = try ChildProcess(command, log: log)
    guard process.waitForEnd() == 0 else { throw TestProblem(command, log: log) }
}

extension TestProblem {
    fileprivate init(_ command: [String], log: String) {
        self.init("\(command.joined(separator: " ")) failed: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }
}
