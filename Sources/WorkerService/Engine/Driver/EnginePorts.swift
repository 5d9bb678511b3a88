import ClusterCatalog
import DaemonKit
import DriverAPI
import Logging
import NetworkModel

/// The ports of the host that lead to containers.
struct EnginePorts {
    /// - Throws: as publishing is not supported.
    func publish(_ wanted: [PublishedPort], of endpoint: EndpointID) async throws {
        guard wanted.isEmpty else { throw DaemonError(.unsupported, "publishing ports is not supported yet") }
    }

    func takeBack(_ endpoint: EndpointID) async {}

    func restore() async {}

    func tidy() async {}
}
