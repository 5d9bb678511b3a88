import Glibc
import NetworkModel

/// A file to write.
struct CertificateFile {
    let name: String
    let text: String
    /// Whether it is for nobody else's eyes.
    var isSecret = false
}

/// A folder of certificates and keys. A file is there whole, with its mode, or not at all.
struct CertificateFolder {
    let path: String

    func has(_ name: String) -> Bool { access(place(name), F_OK) == 0 }

    func read(_ name: String) throws(CommandFault) -> String {
        let descriptor = open(place(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", name) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw failure("read", name) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Writes files that must not be there, none of them if one is.
    func create(_ files: [CertificateFile]) throws(CommandFault) {
        if let present = files.first(where: { has($0.name) }) { throw overwriting(present.name) }
        try makeFolders()
        for file in files {
            try prepare(file, like: nil)
            defer { unlink(prepared(file.name)) }
            // Unlike a rename, a link never replaces what somebody else has put there meanwhile.
            guard link(prepared(file.name), place(file.name)) == 0 else {
                throw errno == EEXIST ? overwriting(file.name) : failure("write", file.name)
            }
        }
        try flush()
    }

    /// Replaces files. Each keeps the owner and the mode of the one before.
    func replace(_ files: [CertificateFile]) throws(CommandFault) {
        for file in files { try prepare(file, like: place(file.name)) }
        // All are ready: what remains takes no time in which somebody could read a key and a certificate that do not fit.
        for file in files {
            guard rename(prepared(file.name), place(file.name)) == 0 else { throw failure("write", file.name) }
        }
        try flush()
    }

    private func place(_ name: String) -> String { "\(path)/\(name)" }
    private func prepared(_ name: String) -> String { "\(path)/.\(name).new" }

    private func prepare(_ file: CertificateFile, like former: String?) throws(CommandFault) {
        // From a life that was cut short.
        unlink(prepared(file.name))
        let descriptor = open(prepared(file.name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", file.name) }
        defer { close(descriptor) }
        var rest = Array(file.text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write", file.name) }
            rest = rest.dropFirst(count)
        }
        var mode: mode_t = file.isSecret ? 0o600 : 0o644
        var status = stat()
        if let former, stat(former, &status) == 0 {
            mode = status.st_mode & 0o777
            // Only root may give files away, and whoever is not root has kept them.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
        }
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw failure("write", file.name) }
    }

    private func makeFolders() throws(CommandFault) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            folder += folder.isEmpty || folder == "/" ? "\(part)" : "/\(part)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw CommandFault(.forbidden, "cannot make the folder \(folder): \(String(cString: strerror(errno)))")
            }
        }
    }

    /// A new name is durable only once its folder is flushed (fsync(2)).
    private func flush() throws(CommandFault) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("flush", "") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("flush", "") }
    }

    private func overwriting(_ name: String) -> CommandFault {
        CommandFault(
            .conflict,
            "\(place(name)) exists, and nothing is overwritten: choose another folder, or renew a certificate with skein tls renew")
    }

    private func failure(_ verb: String, _ name: String) -> CommandFault {
        CommandFault(errno == ENOENT ? .notFound : .forbidden, "cannot \(verb) \(place(name)): \(String(cString: strerror(errno)))")
    }
}
