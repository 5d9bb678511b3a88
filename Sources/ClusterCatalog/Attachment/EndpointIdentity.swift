public import NetworkModel

/// Which container an endpoint belongs to, once its engine has told.
public struct EndpointIdentity: Hashable, Sendable {
    /// The container's name, which the endpoint takes.
    public var name: EndpointName
    public var aliases: [EndpointName]
    /// What the container calls others, in lower case, and their names.
    public var links: [String: EndpointName]
    /// The container.
    public var sandbox: SandboxRecord

    public init(name: EndpointName, aliases: [EndpointName] = [], links: [String: EndpointName] = [:], sandbox: SandboxRecord) {
        self.name = name
        self.aliases = aliases
        self.links = links
        self.sandbox = sandbox
    }
}
