import Glibc

/// posix_spawn(3).
enum Spawning {
    /// - Parameters:
    ///   - additions: variables beside or in place of this process's own.
    ///   - descriptor: what the new process has under the number `target`, besides the standard descriptors.
    /// - Returns: 0 or an errno.
    static func spawn(
        _ path: String, _ arguments: [String], adding additions: [String: String], passing descriptor: Int32, as target: Int32,
        _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, target)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        restoreSignals(&attributes)
        return withCStrings(arguments) { arguments in
            withCStrings(environment(adding: additions)) { environment in
                posix_spawn(&process, path, &actions, &attributes, arguments, environment)
            }
        }
    }

    /// The program finds its signals as a shell would give them, whatever this process has set for itself.
    private static func restoreSignals(_ attributes: inout posix_spawnattr_t) {
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    }

    private static func environment(adding additions: [String: String]) -> [String] {
        ProcessEnvironment.entries.filter { additions[KeyValues.pair($0).0] == nil }
            + additions.map { "\($0.key)=\($0.value)" }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return body(pointers)
    }
}

/// This process's environment, `name=value`.
enum ProcessEnvironment {
    /// Read from the kernel's copy: the C variable `environ` is shared mutable state, and nothing here changes it.
    static var entries: [String] {
        let descriptor = open("/proc/self/environ", O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return Descriptors.readAll(descriptor).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
