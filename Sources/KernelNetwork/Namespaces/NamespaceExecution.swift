import CMnl
import Glibc

/// Runs a program in a named network namespace, as `ip netns exec` does (ip-netns(8)).
public enum NamespaceExecution {
    /// Where the files are that a namespace sees in place of those in `/etc` (ip-netns(8)).
    public static let filesDirectory = "/etc/netns"

    /// Replaces the process by a program in a namespace: its network is the namespace's, `/sys` shows the namespace's devices, and the
    /// files of `/etc/netns/<name>` lie over those of `/etc`. On success there is no return.
    ///
    /// - Parameters:
    ///   - command: the program, looked for in `PATH`, and its arguments.
    ///   - name: a name in `/run/netns`.
    ///   - environment: the program's whole environment; nil for the process's own.
    /// - Throws: ``KernelError``: `noSuchNamespace`, or an errno such as `ENOENT` for a program that is not there. The calling thread may be
    ///   in the namespace by then: all that is left to do is to tell the user, and to end the process.
    public static func replaceProcess(
        with command: [String], in name: String, environment: [String: String]? = nil
    ) throws(KernelError) -> Never {
        guard let program = command.first, !program.isEmpty else {
            throw KernelError(.errno(EINVAL), "there is no program to run in \(name): name one")
        }
        let namespace = try NamespaceHandle(opening: .named(name))
        try enter(namespace, called: name)
        try showDevices(of: name)
        try layFiles(of: name)
        if let environment { replaceEnvironment(by: environment) }
        unblockSignals()
        execute(command)
        throw .current("cannot run \(program)")
    }

    private static func enter(_ namespace: borrowing NamespaceHandle, called name: String) throws(KernelError) {
        guard skein_enter_network_namespace(namespace.descriptor) == 0 else { throw .current("cannot enter \(name)") }
        guard skein_unshare_mount_namespace() == 0 else { throw .current("cannot give \(name) mounts of its own") }
        // What is mounted from here on is not seen outside; what is mounted outside is still seen here.
        guard unsafe mount("", "/", "none", UInt(MS_SLAVE | MS_REC), nil) == 0 else {
            throw .current("cannot keep the mounts of \(name) apart")
        }
    }

    /// `/sys/class/net` shows the devices of the namespace that the file system was mounted from.
    private static func showDevices(of name: String) throws(KernelError) {
        var flags: UInt = 0
        if unsafe umount2("/sys", Int32(MNT_DETACH)) != 0 {
            // A read-only instance that cannot be taken away cannot be covered by a writable one either.
            var status = statvfs()
            if unsafe statvfs("/sys", &status) == 0, status.f_flag & UInt(ST_RDONLY) != 0 { flags = UInt(MS_RDONLY) }
        }
        guard unsafe mount(name, "/sys", "sysfs", flags, nil) == 0 else { throw .current("cannot mount /sys for \(name)") }
    }

    private static func layFiles(of name: String) throws(KernelError) {
        for file in Directory.entries(of: "\(filesDirectory)/\(name)") {
            guard unsafe mount("\(filesDirectory)/\(name)/\(file)", "/etc/\(file)", "none", UInt(MS_BIND), nil) == 0 else {
                throw .current("cannot lay \(filesDirectory)/\(name)/\(file) over /etc/\(file)")
            }
        }
    }

    private static func replaceEnvironment(by environment: [String: String]) {
        clearenv()
        for (name, value) in environment { unsafe setenv(name, value, 1) }
    }

    /// A thread that is not the main one blocks most signals; a program that inherits that outlives every SIGTERM.
    private static func unblockSignals() {
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    /// Returns only if the program cannot be run, with errno set.
    private static func execute(_ command: [String]) {
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        unsafe arguments.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let program = unsafe base.pointee else { return }
            _ = unsafe execvp(program, base)
        }
    }
}
