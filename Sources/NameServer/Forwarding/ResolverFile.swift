import Glibc
import NetworkModel
import Synchronization

/// The resolvers that a file in the form of resolv.conf(5) names, read again whenever the file is another one than before.
public final class ResolverFile: ResolverSource {
    /// The number of resolvers that count (`MAXNS` of resolv.conf(5)).
    private static let most = 3
    /// A file that is longer has another purpose, in bytes.
    private static let longest = 65_536

    private struct Reading {
        var version: Version?
        var resolvers: [Resolver] = []
    }

    /// What tells a file from its successor, which editors and DHCP clients put in its place or write over it.
    private struct Version: Equatable {
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private let path: String
    private let reading = Mutex(Reading())

    public init(path: String = "/etc/resolv.conf") {
        self.path = path
    }

    /// The resolvers of the file as it is now; none when there is no such file.
    public func resolvers() -> [Resolver] {
        let version = currentVersion()
        return reading.withLock { reading in
            if reading.version != version {
                reading = Reading(version: version, resolvers: version == nil ? [] : Self.parse(contents()))
            }
            return reading.resolvers
        }
    }

    private func currentVersion() -> Version? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Version(
            inode: UInt(status.st_ino), size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    private func contents() -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = Array(repeating: 0, count: Self.longest)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// The `nameserver` lines. An address with a zone (`fe80::1%eth0`) is passed over.
    static func parse(_ text: String) -> [Resolver] {
        let addresses = text.split(whereSeparator: \.isNewline).compactMap { line -> IPAddress? in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            return try? IPAddress(String(words[1]))
        }
        return addresses.prefix(most).map { Resolver(address: $0) }
    }
}
