import CMnl
import Glibc

/// The namespaces in `/run/netns`: each is a file that the namespace is mounted on, as iproute2 makes them.
enum NamedNamespaces {
    /// What a file says that no namespace is mounted on yet: half made by us, and not by another tool.
    private static let mark = "skein"

    /// The names of those that are whole.
    static func list() -> Set<String> {
        Set(Directory.entries(of: KernelNamespace.directory).filter { unsafe skein_is_namespace(KernelNamespace.named($0).filePath) != 0 })
    }

    /// Makes a namespace with its loopback up, or completes one that is half made.
    /// - Returns: a connection to it, or nil if it was there already.
    static func create(_ name: String) throws(KernelError) -> Connection? {
        let place = KernelNamespace.named(name)
        try place.checkName()
        try prepareDirectory()
        let path = place.filePath
        guard unsafe skein_is_namespace(path) == 0 else { return nil }
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let refusal = KernelError.current("cannot make \(path)")
            // Somebody mounted it in between: a namespace cannot be opened for writing.
            if unsafe skein_is_namespace(path) != 0 { return nil }
            throw refusal
        }
        defer { close(file) }
        // Two that make the same namespace: the second finds it whole.
        guard flock(file, LOCK_EX) == 0 else { throw .current("cannot lock \(path)") }
        guard unsafe skein_is_namespace(path) == 0 else { return nil }
        _ = unsafe pwrite(file, mark, mark.utf8.count, 0)
        do throws(KernelError) {
            return try NamespaceThread.runInNewNamespace { () throws(KernelError) in try bindCurrentNamespace(to: place) }
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    /// Runs in the new namespace. The mount comes last: a namespace that can be found is whole.
    private static func bindCurrentNamespace(to place: KernelNamespace) throws(KernelError) -> Connection {
        let connection = try Connection(openedIn: place)
        try connection.setUp("lo")
        // Else the first address of a subnet would take the others along when it is deleted.
        try SystemControl.write("1", to: "net/ipv4/conf/all/promote_secondaries", in: place)
        let source = "/proc/self/task/\(skein_thread_id())/ns/net"
        guard unsafe mount(source, place.filePath, "none", UInt(MS_BIND), nil) == 0 else {
            throw .current("cannot mount \(place) on \(place.filePath)")
        }
        return connection
    }

    /// Takes a namespace away, whole or half made.
    static func delete(_ name: String) throws(KernelError) {
        let place = KernelNamespace.named(name)
        try place.checkName()
        // One mount, or more where two tools made the same one.
        while unsafe umount2(place.filePath, Int32(MNT_DETACH)) == 0 {}
        guard errno == EINVAL || errno == ENOENT else { throw .current("cannot unmount \(place.filePath)") }
        guard unsafe unlink(place.filePath) == 0 || errno == ENOENT else { throw .current("cannot remove \(place.filePath)") }
    }

    /// Removes the files that an earlier life of ours left without a namespace on them.
    static func removeHalfMade() {
        for name in Directory.entries(of: KernelNamespace.directory) {
            let path = KernelNamespace.named(name).filePath
            guard unsafe skein_is_namespace(path) == 0 else { continue }
            let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard file >= 0 else { continue }
            defer { close(file) }
            guard isMarked(file), flock(file, LOCK_EX | LOCK_NB) == 0, unsafe skein_is_namespace(path) == 0 else { continue }
            unsafe unlink(path)
        }
    }

    private static func isMarked(_ file: Int32) -> Bool {
        var bytes: [UInt8] = Array(repeating: 0, count: mark.utf8.count + 1)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
        return count == mark.utf8.count && bytes.prefix(count).elementsEqual(mark.utf8)
    }

    /// `/run/netns` is a shared mount, so that namespaces made in one mount namespace show, and go, in the others: netns_add() in
    /// iproute2's ip/ipnetns.c.
    private static func prepareDirectory() throws(KernelError) {
        let path = KernelNamespace.directory
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .current("cannot make \(path)") }
        let directory = try Descriptor(unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open \(path)")
        // Two that prepare it at once would mount it twice, and hide namespaces below.
        guard flock(directory.number, LOCK_EX) == 0 else { throw .current("cannot lock \(path)") }
        guard unsafe mount("", path, "none", UInt(MS_SHARED | MS_REC), nil) != 0 else { return }
        // EINVAL: it is no mount yet.
        guard errno == EINVAL, unsafe mount(path, path, "none", UInt(MS_BIND | MS_REC), nil) == 0,
            unsafe mount("", path, "none", UInt(MS_SHARED | MS_REC), nil) == 0
        else { throw .current("cannot make \(path) a shared mount") }
    }
}
