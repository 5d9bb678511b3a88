public import EngineAPI
import Glibc

extension EngineIdentity {
    /// The host as it is now: uname(2), os-release(5), sysconf(3).
    /// - Parameter id: the node's id, or a controller's.
    public init(role: Role, id: String) {
        let host = HostFacts()
        self.init(
            role: role, id: id, hostname: host.hostname, kernelVersion: host.kernelVersion, operatingSystem: host.operatingSystem,
            architecture: host.architecture, processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            memory: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))))
    }
}
