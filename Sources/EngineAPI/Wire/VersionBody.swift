import NetworkModel

/// The answer to `GET /version`.
public struct VersionBody: Codable, Hashable, Sendable {
    /// A name beside the server's version.
    public struct Platform: Codable, Hashable, Sendable {
        public var name: String

        enum CodingKeys: String, CodingKey {
            case name = "Name"
        }
    }

    /// One part of the server: Docker's command line shows each with its details.
    public struct Component: Codable, Hashable, Sendable {
        public var name: String
        public var version: String
        public var details: [String: String]

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case version = "Version"
            case details = "Details"
        }
    }

    public var platform: Platform
    public var components: [Component]
    public var version: String
    public var apiVersion: String
    public var minimumAPIVersion: String
    public var os: String
    public var architecture: String
    public var kernelVersion: String

    enum CodingKeys: String, CodingKey {
        case platform = "Platform"
        case components = "Components"
        case version = "Version"
        case apiVersion = "ApiVersion"
        case minimumAPIVersion = "MinAPIVersion"
        case os = "Os"
        case architecture = "Arch"
        case kernelVersion = "KernelVersion"
    }
}

extension VersionBody {
    init(_ identity: EngineIdentity) {
        let version = "skein/\(SkeinVersion.current)"
        let architecture = GoArchitecture.name(of: identity.architecture)
        // The command line takes the first component's details in place of the fields below, which older clients read.
        let details = [
            "ApiVersion": APIVersion.newest.description, "MinAPIVersion": APIVersion.oldest.description, "Os": "linux",
            "Arch": architecture, "KernelVersion": identity.kernelVersion, "Experimental": "false", "Role": identity.role.rawValue,
        ]
        self.init(
            platform: Platform(name: "Skein \(identity.role.rawValue)"),
            components: [Component(name: "Engine", version: version, details: details)], version: version,
            apiVersion: APIVersion.newest.description, minimumAPIVersion: APIVersion.oldest.description, os: "linux",
            architecture: architecture, kernelVersion: identity.kernelVersion)
    }
}

/// Go's names of machine architectures, which Docker's API uses (go.dev/doc/install/source#environment).
enum GoArchitecture {
    static func name(of machine: String) -> String {
        switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        default: machine
        }
    }
}
