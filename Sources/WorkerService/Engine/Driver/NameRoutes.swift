import DaemonKit
import FoundationEssentials
import NetworkModel

/// The routes that containers were given to where names are asked for: one by each of their networks.
///
/// The kernel takes no second route of one destination, and the engine fails on it; so each is of another length, and when the first of them
/// goes the next leads there. In all of these ranges there is nothing else. They are kept in a file, since containers outlive a worker,
/// but on no disk, since they do not outlive the host: an engine waits for this whenever it starts a container.
actor NameRoutes {
    private struct Route: Codable, Equatable {
        let endpoint: EndpointID
        let sandbox: String
        let length: Int
    }

    private let file: DurableFile
    private var routes: [Route]
    private static let lengths = (24...32).reversed()

    /// - Parameter path: of a file that is gone when the host starts anew. One that cannot be read counts as empty.
    init(path: String) {
        file = DurableFile(path: path)
        let text = try? file.read()
        routes = text.flatMap { try? JSONDecoder().decode([Route].self, from: Data($0.utf8)) } ?? []
    }

    /// A route for an endpoint in a sandbox that no other endpoint of it has: the one that it was given before, or the first that is free; nil
    /// when there is none left.
    /// - Throws: ``DaemonKit/DaemonError`` when it cannot be written.
    func take(for endpoint: EndpointID, in sandbox: String) throws(DaemonError) -> Subnet? {
        if let own = routes.first(where: { $0.endpoint == endpoint && $0.sandbox == sandbox }) { return Self.subnet(own.length) }
        let others = routes.filter { $0.endpoint != endpoint && $0.sandbox == sandbox }.map(\.length)
        guard let length = Self.lengths.first(where: { !others.contains($0) }) else { return nil }
        try change(of: endpoint, to: Route(endpoint: endpoint, sandbox: sandbox, length: length))
        return Self.subnet(length)
    }

    /// Those that have been given one.
    var endpoints: [EndpointID] { routes.map(\.endpoint) }

    /// - Throws: ``DaemonKit/DaemonError`` when it cannot be written; then nothing has changed.
    func forget(_ endpoint: EndpointID) throws(DaemonError) {
        try change(of: endpoint, to: nil)
    }

    private static func subnet(_ length: Int) -> Subnet { Subnet(containing: .nameService, prefixLength: length) }

    private func change(of endpoint: EndpointID, to route: Route?) throws(DaemonError) {
        let changed = routes.filter { $0.endpoint != endpoint } + [route].compactMap(\.self)
        guard changed != routes else { return }
        do {
            try file.write(String(decoding: try JSONEncoder().encode(changed), as: UTF8.self))
        } catch {
            throw error as? DaemonError ?? DaemonError(.invalid, "cannot write \(file.path): \(error)")
        }
        routes = changed
    }
}
