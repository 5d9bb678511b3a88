import Glibc
import KernelNetwork
import NetworkModel

/// How `skein` starts a program in a namespace: it runs itself, and that second process enters the namespace and becomes the program.
///
/// Why a program cannot be run comes back by descriptor 3, which closes when the program begins.
struct Launcher: Sendable {
    /// The first argument of the second process.
    static let verb = "__run-in"
    private static let statusDescriptor: Int32 = 3

    let program: Program
    /// A name in `/run/netns`.
    let namespace: String
    /// In a session of its own, without the terminal.
    let isDetached: Bool

    // MARK: In the first process

    /// Starts the program and waits until it has begun.
    /// - Returns: its process id.
    func start() throws -> pid_t {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ownFailure("cannot make a pipe", errno) }
        let (reading, writing) = (ends[0], ends[1])
        Descriptors.closeOnExecution(reading)
        Descriptors.closeOnExecution(writing)
        defer { close(reading) }
        let process: pid_t
        do {
            defer { close(writing) }
            process = try spawn(reportingTo: writing)
        }
        guard let report = LaunchReport(bytes: Descriptors.readAll(reading)) else { return process }
        _ = Processes.wait(for: process)
        throw ProgramFault(report.status, report.message)
    }

    private func spawn(reportingTo writing: Int32) throws -> pid_t {
        let words =
            [Self.verb, namespace, isDetached ? "detached" : "attached", program.directory ?? ""] + program.command
        var process: pid_t = 0
        let failure = Spawning.spawn(
            "/proc/self/exe", ["skein"] + words, adding: program.environment, passing: writing, as: Self.statusDescriptor, &process)
        guard failure == 0 else { throw ownFailure("cannot start a process", failure) }
        return process
    }

    private func ownFailure(_ what: String, _ number: Int32) -> ProgramFault {
        ProgramFault(Program.Status.ownFailure, "\(what): \(String(cString: strerror(number)))")
    }

    // MARK: In the second process

    /// Becomes the program, if these are the arguments of a second process. Returns only if they are not.
    static func becomeProgram(_ arguments: [String]) {
        guard arguments.first == verb, arguments.count > 4 else { return }
        Descriptors.closeOnExecution(from: statusDescriptor)
        let report = LaunchReport.of {
            if arguments[2] == "detached" { try Descriptors.leaveTerminal() }
            try replaceProcess(arguments[1], directory: arguments[3], Array(arguments[4...]))
        }
        Descriptors.write(report.bytes, to: statusDescriptor)
        exit(report.status)
    }

    private static func replaceProcess(_ namespace: String, directory: String, _ command: [String]) throws -> Never {
        guard directory.isEmpty || chdir(directory) == 0 else {
            throw ProgramFault(Program.Status.ownFailure, "cannot run in \(directory): \(String(cString: strerror(errno)))")
        }
        try NamespaceExecution.replaceProcess(with: command, in: namespace)
    }
}

/// Why the second process could not become the program.
struct LaunchReport: Equatable {
    let status: Int32
    let message: String

    init(status: Int32, message: String) {
        self.status = status
        self.message = message
    }

    /// nil for nothing: the program has begun.
    init?(bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        self.init(status: Int32(first), message: String(decoding: bytes.dropFirst(), as: UTF8.self))
    }

    var bytes: [UInt8] { [UInt8(truncatingIfNeeded: status)] + Array(message.utf8) }

    /// What made becoming the program fail.
    static func of(_ body: () throws -> Never) -> LaunchReport {
        do {
            try body()
        } catch let fault as ProgramFault {
            return LaunchReport(status: fault.status, message: fault.message)
        } catch let error as KernelError {
            return LaunchReport(status: status(of: error), message: error.message)
        } catch {
            return LaunchReport(status: Program.Status.ownFailure, message: "\(error)")
        }
    }

    static func status(of error: KernelError) -> Int32 {
        switch error.code {
        case .errno(ENOENT): Program.Status.notFound
        case .errno(EACCES), .errno(ENOEXEC): Program.Status.notExecutable
        default: Program.Status.ownFailure
        }
    }
}
