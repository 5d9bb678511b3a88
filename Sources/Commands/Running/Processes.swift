import Glibc

/// Waiting for a child.
enum Processes {
    /// Waits until a child has ended, and leaves it to be collected: until then its number is its own.
    static func waitForEnd(of process: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Collects a child that has ended, or will.
    /// - Returns: its exit status, or 128 and the signal's number, as in a shell.
    static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return Program.Status.ownFailure }
        }
        // The macros WIFEXITED, WEXITSTATUS and WTERMSIG of sys/wait.h.
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : Program.Status.signalled + signal
    }
}
