/// The answer to `GET /info`: the fields that Docker's command line needs or that say something here.
public struct InfoBody: Codable, Hashable, Sendable {
    /// The kinds of plug-ins; only networks have any.
    public struct Plugins: Codable, Hashable, Sendable {
        public var network: [String]
        public var volume: [String] = []
        public var log: [String] = []

        enum CodingKeys: String, CodingKey {
            case network = "Network"
            case volume = "Volume"
            case log = "Log"
        }
    }

    /// Swarm mode, which is always off.
    public struct Swarm: Codable, Hashable, Sendable {
        public var localNodeState: String

        enum CodingKeys: String, CodingKey {
            case localNodeState = "LocalNodeState"
        }
    }

    public var id: String
    public var name: String
    public var serverVersion: String
    public var driver: String
    public var driverStatus: [[String]]
    /// Classic Swarm's rows: Docker's command line still prints them as they are.
    public var systemStatus: [[String]]
    public var containers: Int
    public var containersRunning: Int
    public var containersPaused: Int
    public var containersStopped: Int
    public var images: Int
    public var plugins: Plugins
    public var swarm: Swarm
    public var clusterStore: String
    public var clusterAdvertise: String
    public var kernelVersion: String
    public var operatingSystem: String
    public var osType: String
    public var architecture: String
    public var processors: Int
    public var memory: Int64
    public var systemTime: String
    public var isDebugging: Bool
    public var isExperimental: Bool
    public var isForwardingIPv4: Bool
    public var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case serverVersion = "ServerVersion"
        case driver = "Driver"
        case driverStatus = "DriverStatus"
        case systemStatus = "SystemStatus"
        case containers = "Containers"
        case containersRunning = "ContainersRunning"
        case containersPaused = "ContainersPaused"
        case containersStopped = "ContainersStopped"
        case images = "Images"
        case plugins = "Plugins"
        case swarm = "Swarm"
        case clusterStore = "ClusterStore"
        case clusterAdvertise = "ClusterAdvertise"
        case kernelVersion = "KernelVersion"
        case operatingSystem = "OperatingSystem"
        case osType = "OSType"
        case architecture = "Architecture"
        case processors = "NCPU"
        case memory = "MemTotal"
        case systemTime = "SystemTime"
        case isDebugging = "Debug"
        case isExperimental = "ExperimentalBuild"
        case isForwardingIPv4 = "IPv4Forwarding"
        case warnings = "Warnings"
    }
}
