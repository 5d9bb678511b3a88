import Glibc

/// File descriptors across the start of a program.
enum Descriptors {
    static func closeOnExecution(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// No program gets what this process has open beyond the standard descriptors, such as the connection to the daemon.
    static func closeOnExecution(from lowest: Int32) {
        guard let folder = opendir("/proc/self/fd") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if let descriptor = Int32(name), descriptor >= lowest { closeOnExecution(descriptor) }
        }
    }

    /// A session of its own, and nothing of the terminal.
    static func leaveTerminal() throws(ProgramFault) {
        setsid()
        let null = open("/dev/null", O_RDWR)
        guard null >= 0 else {
            throw ProgramFault(Program.Status.ownFailure, "cannot open /dev/null: \(String(cString: strerror(errno)))")
        }
        for descriptor in STDIN_FILENO...STDERR_FILENO { dup2(null, descriptor) }
        closeOnExecution(null)
    }

    /// Everything up to the end.
    static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer.prefix(count)
            } else if count == 0 || errno != EINTR {
                return bytes
            }
        }
    }

    /// A short message, as far as it can be written.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
