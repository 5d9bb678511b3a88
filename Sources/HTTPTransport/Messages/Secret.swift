public import NetworkModel

/// What proves to a server who we are: the text itself, or a file that has it.
///
/// A file is read each time it is needed, so that a new secret needs no restart. No description shows the text.
public enum Secret: Hashable, Sendable {
    case text(String)
    /// The path of a file; line feeds at its end do not count.
    case file(String)

    /// - Throws: a sentence that names the file, if it cannot be read or holds nothing.
    public func read() throws(InvalidValue) -> String {
        switch self {
        case .text(let text): return text
        case .file(let path):
            var bytes = try SmallFile.read(path)[...]
            while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard !bytes.isEmpty else { throw InvalidValue("'\(path)' is empty") }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .text: "a secret"
        case .file(let path): "the secret in '\(path)'"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Who we are to a server that wants to know.
public struct Credentials: Hashable, Sendable {
    public var user: String
    public var password: Secret

    public init(user: String, password: Secret) {
        self.user = user
        self.password = password
    }
}
