import Glibc
import KernelNetwork
import NetworkModel
import WorkerAPI

/// The namespaces of sandboxes on this host.
enum SandboxNamespace {
    /// How a worker names the namespace of a sandbox of its own.
    static func name(of sandbox: EndpointName) -> String { "sk-\(sandbox)" }

    static func exists(_ name: String) -> Bool {
        access("\(KernelNamespace.directory)/\(name)", F_OK) == 0
    }
}

extension SandboxResource {
    /// Below `/run/netns`; nil for one of another host or in another place.
    var namespaceName: String? {
        let directory = KernelNamespace.directory + "/"
        guard let namespacePath, namespacePath.hasPrefix(directory) else { return nil }
        let name = String(namespacePath.dropFirst(directory.count))
        return name.isEmpty || name.contains("/") ? nil : name
    }
}
