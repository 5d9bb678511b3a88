public import NetworkModel

/// Something that happened to a network: Docker's events of type `network`.
public struct NetworkEvent: Hashable, Sendable {
    public enum Action: String, Hashable, Sendable {
        case create
        case connect
        case disconnect
        case destroy
    }

    public var action: Action
    public var network: NetworkID
    public var name: String
    public var driver: NetworkDriver
    /// Who was connected or disconnected.
    public var sandbox: SandboxID?
    public var time: Timestamp

    public init(
        _ action: Action, network: NetworkID, name: String, driver: NetworkDriver, sandbox: SandboxID? = nil, time: Timestamp
    ) {
        self.action = action
        self.network = network
        self.name = name
        self.driver = driver
        self.sandbox = sandbox
        self.time = time
    }
}
