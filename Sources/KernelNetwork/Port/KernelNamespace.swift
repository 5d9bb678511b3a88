/// A network namespace, by how it is found.
public enum KernelNamespace: Hashable, Sendable, CustomStringConvertible {
    /// The one that the process runs in: it has the underlay.
    case host
    /// `/run/netns/<name>`, as `ip netns` lists it.
    case named(String)
    /// Any other bound namespace, such as a container's `/var/run/docker/netns/…`.
    case path(String)

    /// Where iproute2 keeps named namespaces (ip-netns(8)).
    public static let directory = "/run/netns"

    public var description: String {
        switch self {
        case .host: "the host's namespace"
        case .named(let name): name
        case .path(let path): path
        }
    }
}
