public import NetworkModel

/// One sandbox's namespace.
public struct SandboxPlan: Hashable, Sendable, Identifiable {
    public let id: SandboxID
    public let name: EndpointName
    /// In the order of their devices: `eth2` before `eth10`.
    public let attachments: [AttachmentPlan]

    public var devices: [SandboxDevice] { attachments.compactMap(\.device) }

    public var namespace: String { KernelNames.namespace(ofSandbox: name) }
    public var hasIPv6: Bool { devices.contains { $0.addresses.contains { $0.address.family == .v6 } } }

    /// The default routes: a family's comes from the first network that leads out, as in Docker.
    public var defaultRoutes: [DefaultRoute] {
        IPFamily.allCases.compactMap { family in
            devices.lazy.filter(\.hasWayOut).compactMap { device in
                device.gateways.first { $0.family == family }.map { DefaultRoute(gateway: $0, interface: device.interface) }
            }.first
        }
    }

    public struct DefaultRoute: Hashable, Sendable {
        public let gateway: IPAddress
        public let interface: String
    }
}

/// The files that stand in for the host's (ip-netns(8)).
extension SandboxPlan {
    /// As many name servers as the C library reads (`MAXNS` in resolv.h).
    private static let mostNameServers = 3

    public var files: [String: String] { ["resolv.conf": resolverFile, "hosts": hostsFile] }

    private var resolverFile: String {
        let servers = devices.flatMap(\.gateways).prefix(Self.mostNameServers).map { "nameserver \($0)\n" }.joined()
        return SandboxFileHeader(id).line + servers + "options ndots:0\n"
    }

    private var hostsFile: String {
        let own = devices.flatMap(\.addresses).map { "\($0.address) \(name)\n" }.joined()
        return SandboxFileHeader(id).line + "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n" + own
    }
}

/// The first line of a sandbox's files: it says whose they are, so that they and their namespace are recognised after a crash.
public struct SandboxFileHeader: Hashable, Sendable {
    public let sandbox: SandboxID

    private static let before = "# Of the sandbox "
    private static let after = "; skein-worker overwrites what is changed here"

    public init(_ sandbox: SandboxID) {
        self.sandbox = sandbox
    }

    /// Reads the first line of a file, or nil if it is not ours.
    public init?(of file: String) {
        guard let line = file.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first, line.hasPrefix(Self.before),
            line.hasSuffix(Self.after), let id = try? SandboxID(String(line.dropFirst(Self.before.count).dropLast(Self.after.count)))
        else { return nil }
        sandbox = id
    }

    public var line: String { "\(Self.before)\(sandbox)\(Self.after)\n" }
}

extension DesiredState {
    /// This node's own sandboxes.
    public var nativeSandboxes: [SandboxID] { sandboxes.compactMap { $0.value.kind == .native ? $0.key : nil } }

    /// The namespace of one of this node's own sandboxes, or nil if it should have none.
    public func namespace(of id: SandboxID) -> String? {
        sandboxes[id].flatMap { $0.kind == .native ? KernelNames.namespace(ofSandbox: $0.name) : nil }
    }

    /// A sandbox's plan.
    public func sandboxPlan(of id: SandboxID) -> Presence<SandboxPlan> {
        guard let record = sandboxes[id], record.kind == .native else { return .absent }
        for network in networks(of: id) {
            if case .undecided(let reason) = plan(of: network) { return .undecided(reason) }
        }
        let attachments = (memberships[id] ?? []).compactMap { attachment($0.endpoint, of: $0.network) }.compactMap { plan in
            plan.device.map { (plan, $0) }
        }
        return .present(SandboxPlan(id: id, name: record.name, attachments: attachments.sorted { $0.1.order < $1.1.order }.map(\.0)))
    }
}

extension SandboxDevice {
    fileprivate var order: (Int, String) { (interface.utf8.count, interface) }
}
