import Glibc
import NetworkModel

/// A program that a user wants to run in a sandbox.
struct Program: Sendable {
    /// The program and its arguments; not empty.
    let command: [String]
    /// What `--env` adds to the caller's environment.
    var environment: [String: String] = [:]
    var directory: String?

    /// The exit statuses of a shell for what cannot be run (POSIX.1-2017, XCU 2.8.2), which `docker run` uses too.
    enum Status {
        static let notExecutable: Int32 = 126
        static let notFound: Int32 = 127
        /// For failures that are not the program's.
        static let ownFailure: Int32 = 125
        /// Plus the signal's number, for a program that a signal ended.
        static let signalled: Int32 = 128
    }

    /// Looks for the program as execvp(3) will.
    /// - Throws: ``ProgramFault`` when there is none that can be executed.
    func check() throws(ProgramFault) {
        guard let name = command.first, !name.isEmpty else { throw ProgramFault(Status.notFound, "there is no command to run") }
        guard name.contains("/") else { return try checkPath(name) }
        let path = name.hasPrefix("/") ? name : "\(directory ?? ".")/\(name)"
        guard access(path, F_OK) == 0 else { throw ProgramFault(Status.notFound, "exec: \"\(name)\": no such file or directory") }
        guard Self.isExecutable(path) else { throw ProgramFault(Status.notExecutable, "exec: \"\(name)\": permission denied") }
    }

    private func checkPath(_ name: String) throws(ProgramFault) {
        let path = environment["PATH"] ?? getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
        let places = path.split(separator: ":").map { "\($0)/\(name)" }
        guard !places.contains(where: Self.isExecutable) else { return }
        guard places.contains(where: { access($0, F_OK) == 0 }) else {
            throw ProgramFault(Status.notFound, "exec: \"\(name)\": executable file not found in $PATH")
        }
        throw ProgramFault(Status.notExecutable, "exec: \"\(name)\": permission denied")
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}

/// A program that cannot be run, with the exit status that tells so.
struct ProgramFault: Fault, Hashable {
    let status: Int32
    let message: String
    var kind: FaultKind { .invalid }

    init(_ status: Int32, _ message: String) {
        self.status = status
        self.message = message
    }
}
