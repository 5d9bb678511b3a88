import CMnl
import Glibc

/// What tells one network namespace from another while either is there: the device and inode number of its file (namespaces(7)).
struct NamespaceIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    /// Reads the identity of what a path leads to now.
    /// - Throws: ``KernelError/Code/noSuchNamespace`` also for the plain file of a namespace that is half made.
    init(of place: KernelNamespace) throws(KernelError) {
        try place.checkName()
        var status = stat()
        guard unsafe stat(place.filePath, &status) == 0, unsafe skein_is_namespace(place.filePath) != 0 else {
            throw .absent(place)
        }
        self.init(status)
    }

    /// The identity of the network namespace that a process runs in, or nil if it has ended.
    init?(ofProcess process: Int32) {
        var status = stat()
        guard unsafe stat("/proc/\(process)/ns/net", &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// A descriptor of a network namespace, which keeps the namespace alive as long as it is open.
struct NamespaceHandle: ~Copyable {
    let descriptor: Int32

    init(opening place: KernelNamespace) throws(KernelError) {
        try place.checkName()
        guard unsafe skein_is_namespace(place.filePath) != 0 else { throw .absent(place) }
        let opened = unsafe open(place.filePath, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw errno == ENOENT ? .absent(place) : .current("cannot open \(place)")
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}

extension KernelNamespace {
    /// The file that leads to the namespace.
    var filePath: String {
        switch self {
        case .host: "/proc/self/ns/net"
        case .named(let name): "\(Self.directory)/\(name)"
        case .path(let path): path
        }
    }

    /// One spelling for each namespace below `/run/netns`.
    var canonical: KernelNamespace {
        guard case .path(let path) = self, path.hasPrefix(Self.directory + "/") else { return self }
        return .named(String(path.dropFirst(Self.directory.count + 1)))
    }

    /// A name is one file name.
    func checkName() throws(KernelError) {
        guard case .named(let name) = self else { return }
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255, !name.utf8.contains(where: { $0 == 0x2f || $0 == 0 }) else {
            throw KernelError(.errno(EINVAL), "\"\(name)\" is no name for a namespace: it must be a file name")
        }
    }
}
