public import NetworkModel

/// A recursive name server that the host uses.
public struct Resolver: Hashable, Sendable {
    public let address: IPAddress
    public let port: UInt16

    public init(address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }
}

/// Where the host's resolvers come from.
public protocol ResolverSource: Sendable {
    /// The resolvers as they are now, in the order in which they are to be asked.
    func resolvers() -> [Resolver]
}

/// Resolvers that never change.
public struct FixedResolvers: ResolverSource {
    private let list: [Resolver]

    public init(_ list: [Resolver]) {
        self.list = list
    }

    public func resolvers() -> [Resolver] { list }
}
