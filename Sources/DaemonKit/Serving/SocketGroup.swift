import Glibc
public import NetworkModel

/// The group whose members may use a unix socket: `-G`, as in dockerd.
public struct SocketGroup: Hashable, Sendable, CustomStringConvertible {
    let id: gid_t
    /// Whether somebody named it: a usual group that the socket cannot be given to is no reason to serve nobody.
    let isNamed: Bool
    public let description: String

    private static let usual = "skein"

    /// - Parameters:
    ///   - text: a name or a number; nil for `skein` if there is such a group, and else for nobody but root.
    ///   - file: where the groups are, in the form of group(5). What other sources of names say is not asked, as dockerd does not.
    /// - Throws: ``NetworkModel/InvalidValue`` if there is no such group.
    public static func chosen(_ text: String?, in file: String = "/etc/group") throws(InvalidValue) -> SocketGroup? {
        let groups = (try? DurableFile(path: file).read()) ?? ""
        guard let text else {
            // Who is not root cannot give a file to a group that he is not in.
            return geteuid() == 0 ? id(of: usual, in: groups).map { SocketGroup(id: $0, isNamed: false, description: usual) } : nil
        }
        guard let id = id(of: text, in: groups) ?? gid_t(text) else {
            throw InvalidValue("invalid --group \"\(text)\": there is no such group; make it with groupadd --system, or give a number")
        }
        return SocketGroup(id: id, isNamed: true, description: text)
    }

    /// `name:password:id:members`.
    private static func id(of name: String, in groups: String) -> gid_t? {
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count >= 3, fields[0] == name { return gid_t(fields[2]) }
        }
        return nil
    }
}
