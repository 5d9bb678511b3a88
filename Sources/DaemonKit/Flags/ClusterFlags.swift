public import ArgumentParser
public import NetworkModel

/// The flags that both daemons have.
public struct ClusterFlags: ParsableArguments {
    @OptionGroup public var place: StoreFlags

    @Option(help: ArgumentHelp("How much to tell: debug, info, warn, error or fatal.", valueName: "level"))
    public var logLevel = "info"

    @Option(
        name: [.customShort("G"), .long],
        help: ArgumentHelp(
            "The group whose members may use the API's unix sockets. (default: skein, if there is such a group)", valueName: "group"))
    public var group: String?

    public init() {}

    public var store: String? { place.store }

    /// A flag that there is no default for. It is looked at after the parser, which would tell of it before a flag that is misspelt.
    /// - Throws: ``NetworkModel/InvalidValue`` naming the flag and what it is like.
    public static func required(_ value: String?, _ flag: String, like example: String) throws(InvalidValue) -> String {
        guard let value else { throw InvalidValue("\(flag) is missing: it must be given, like \(flag) \(example)") }
        return value
    }
}
